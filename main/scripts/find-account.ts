import { distance } from 'fastest-levenshtein';
import { failed, success, type Result } from '../result.ts';
import type { Account } from '../sessions/account.ts';
import { onOneLine } from './reply.ts';

const MAX_NEAREST = 3;

/** The account that a script names, by name or id; case does not count. The error is for the user. */
export function findAccount(accounts: readonly Account[], name: string): Result<Account, string> {
  const wanted = normalize(name);
  const byId = accounts.find(({ saved }) => normalize(saved.id) === wanted);
  if (byId) return success(byId);
  const [found, ...others] = accounts.filter(({ saved }) => normalize(saved.name) === wanted);
  if (found && others.length === 0) return success(found);
  if (found) {
    const ids = [found, ...others].map(({ saved }) => saved.id);
    return failed(`${ids.length} accounts are called "${name}", so use an id: ${either(ids)}.`);
  }
  if (accounts.length === 0) {
    return failed('There is no account yet; keyvigil open shows the popup, where you can add one.');
  }
  const names = nearest(
    name,
    accounts.map(({ saved }) => saved.name),
  );
  return failed(`No account is called "${name}"; did you mean ${either(names.map(quoted))}?`);
}

/** The names most similar to `name`, the best first. */
export function nearest(name: string, names: readonly string[]): readonly string[] {
  const wanted = normalize(name);
  const rank = (candidate: string) => {
    const normal = normalize(candidate);
    if (normal.includes(wanted)) return 0;
    // People often type one word of a long name.
    const parts = [normal, ...normal.split(/\s+/)];
    return Math.min(...parts.map((part) => distance(wanted, part)));
  };
  return [...new Set(names)].toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_NEAREST);
}

/** Users type a name as `keyvigil list` prints it. */
const normalize = (name: string): string => onOneLine(name.normalize('NFC')).toLowerCase();
const quoted = (name: string): string => `"${name}"`;

/** "a, b or c". */
export function either(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}
