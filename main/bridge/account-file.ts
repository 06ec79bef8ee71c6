import * as v from 'valibot';
import { KEEP_ALIVE_MINUTES, TRUSTED_HOST } from '../limits.ts';
import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';
import { wholeNumber } from '../schemas.ts';
import { findMethod, ownerOf, readImported, type AccountForm } from '../sessions/account-form.ts';
import type { SavedAccount } from '../sessions/saved-account.ts';
import { Rest } from '../sessions/rest.ts';
import { parseJson } from '../systems/json.ts';
import type { System } from '../systems/system.ts';
import type { ImportedAccount } from './contract.ts';
import { ShortText } from './shapes.ts';

const FileAccount = v.object({
  system: ShortText,
  name: ShortText,
  address: ShortText,
  method: ShortText,
  /** Without secrets. */
  values: v.record(ShortText, ShortText),
  keepAliveMinutes: wholeNumber(KEEP_ALIVE_MINUTES),
  rest: v.optional(Rest),
});

/** Documented in docs/export.md. A change that other programs cannot read needs a new `version`. */
const AccountFile = v.object({
  format: v.literal('keyvigil-accounts'),
  version: v.literal(1),
  accounts: v.pipe(v.array(FileAccount), v.maxLength(10_000)),
});

/** The accounts as a file for another computer, without secrets. */
export function toAccountFile(accounts: readonly SavedAccount[]): string {
  const file: v.InferOutput<typeof AccountFile> = {
    format: 'keyvigil-accounts',
    version: 1,
    accounts: accounts.map(({ system, name, address, method, values, keepAliveMinutes, rest }) => ({
      system,
      name,
      address,
      method,
      values: withoutTrust(values),
      keepAliveMinutes,
      ...(rest && { rest }),
    })),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** @returns the accounts in the file, or what is wrong with the file */
export function readAccountFile(text: string): Result<readonly AccountForm[], string> {
  // Windows PowerShell and old editors write a byte order mark, which is no JSON.
  const content = parseJson(text.replace(/^\uFEFF/, ''));
  const version: unknown = (content as { version?: unknown } | null)?.version;
  const file = v.safeParse(AccountFile, content);
  if (file.success) {
    return success(
      file.output.accounts.map((account) => ({
        ...account,
        values: withoutTrust(account.values),
        remember: true,
      })),
    );
  }
  const isNewer = typeof version === 'number' && version > 1;
  return failed(isNewer ? m.export_is_newer() : m.not_an_export());
}

/** Says what an import would do with each account. */
export function previewImport(
  forms: readonly AccountForm[],
  existing: readonly SavedAccount[],
  systems: readonly System[],
): readonly ImportedAccount[] {
  const ownerIn = (account: Pick<SavedAccount, 'system' | 'method' | 'address' | 'values'>) => {
    const found = findMethod(systems, account);
    return found && ownerOf(account, found.method);
  };
  const owners = new Set(existing.map(ownerIn));
  return forms.map((form) => {
    const { name, address } = form;
    const reading = readImported(form, systems);
    if (!reading.ok) return { name, address, change: 'unusable', reason: reading.error.message };
    const owner = ownerIn(reading.value.saved);
    const isKnown = owners.has(owner);
    // Import an account only once, even if the file contains it twice.
    owners.add(owner);
    return { name, address, change: isKnown ? 'known' : 'new' };
  });
}

/** A file must not decide which host gets a Microsoft sign-in. Each user decides that. */
function withoutTrust({ [TRUSTED_HOST]: _, ...values }: Readonly<Record<string, string>>) {
  return values;
}
