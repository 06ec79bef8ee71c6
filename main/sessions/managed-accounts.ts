import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { DAY_MS, type Clock } from '../clock.ts';
import type { System } from '../systems/system.ts';
import { findMethod, ownerOf, readForm, type AccountForm } from './account-form.ts';
import type { AccountStore } from './account-storage.ts';
import type { SavedAccount } from './saved-account.ts';

/** How long an account stays stored after it left the administrator's file. It may return, for example from a slow network. */
export const KEEP_GONE_DAYS = 30;
const KEEP_GONE_MS = KEEP_GONE_DAYS * DAY_MS;

export interface ManagedAccountsDeps {
  readonly store: AccountStore;
  /** The accounts in the administrator's file; undefined if the file cannot be used. */
  readonly forms: readonly AccountForm[] | undefined;
  readonly systems: readonly System[];
  readonly clock: Clock;
  readonly deleteSecrets: (id: string) => void;
  /** Called with the names of the accounts that this version cannot use. */
  readonly onUnusable: (names: readonly string[]) => void;
}

/**
 * Adds the administrator's accounts to the stored ones. An account that is no longer in the file is not shown, but stays stored
 * with its secrets for `KEEP_GONE_DAYS`.
 */
export function manageAccounts(deps: ManagedAccountsDeps): AccountStore {
  const { store, forms, clock, deleteSecrets } = deps;
  let hidden: readonly SavedAccount[] = [];
  return {
    load() {
      const stored = store.load();
      const merged = forms ? merge(stored, readEntries(forms, deps), clock.wall()) : stored;
      const ids = new Set(merged.map(({ id }) => id));
      tryToStore(() => {
        for (const { id } of stored) if (!ids.has(id)) deleteSecrets(id);
        if (!isDeepStrictEqual(merged, stored)) store.save(merged);
      });
      hidden = merged.filter(isGone);
      return merged.filter((account) => !isGone(account));
    },
    save: (accounts) => store.save([...accounts, ...hidden]),
  };
}

/** The form, but with the administrator's values where the administrator has set any. */
export function keepManaged(saved: SavedAccount, form: AccountForm): AccountForm {
  const { managed, system, method, address, name, values } = saved;
  if (!managed) return form;
  const fixed = Object.fromEntries(managed.fields.map((id) => [id, values[id] ?? '']));
  return { ...form, system, method, address, name, values: { ...form.values, ...fixed } };
}

const isGone = ({ managed }: SavedAccount): boolean => managed?.goneSince !== undefined;

/** The usable accounts of the file, without duplicates. */
function readEntries(
  forms: readonly AccountForm[],
  { systems, onUnusable }: ManagedAccountsDeps,
): ReadonlyMap<string, SavedAccount> {
  const entries = new Map<string, SavedAccount>();
  const unusable: string[] = [];
  for (const form of forms) {
    const entry = readEntry(form, systems);
    if (!entry) unusable.push(form.name);
    else if (!entries.has(entry.id)) entries.set(entry.id, entry);
  }
  if (unusable.length > 0) onUnusable(unusable);
  return entries;
}

function readEntry(form: AccountForm, systems: readonly System[]): SavedAccount | undefined {
  // One file serves all users, so it may leave out user names.
  const reading = readForm(form, systems, {}, { mayLackValues: true, mayLackTrust: true });
  if (!reading.ok) return undefined;
  const { saved } = reading.value;
  const owner = ownerOf(saved, findMethod(systems, saved)!.method);
  const id = `managed-${createHash('sha256').update(owner).digest('hex').slice(0, 32)}`;
  return { ...saved, id, wanted: false, managed: { fields: Object.keys(saved.values) } };
}

/** The stored accounts in their order, updated from the file, then the accounts that are new in the file. */
function merge(
  stored: readonly SavedAccount[],
  entries: ReadonlyMap<string, SavedAccount>,
  now: number,
): readonly SavedAccount[] {
  const known = stored.flatMap((account) => {
    const { managed } = account;
    const entry = entries.get(account.id);
    if (entry) return [update(account, entry)];
    if (!managed) return [account];
    const { goneSince = now } = managed;
    return now - goneSince < KEEP_GONE_MS
      ? [{ ...account, managed: { ...managed, goneSince } }]
      : [];
  });
  const ids = new Set(known.map(({ id }) => id));
  return [...known, ...[...entries.values()].filter(({ id }) => !ids.has(id))];
}

function update(account: SavedAccount, { name, values, managed }: SavedAccount): SavedAccount {
  return { ...account, name, values: { ...account.values, ...values }, managed };
}

/** Ignores a failure: the next start tries again, and the next change reports it. */
function tryToStore(store: () => void): void {
  try {
    store();
  } catch {
    return;
  }
}
