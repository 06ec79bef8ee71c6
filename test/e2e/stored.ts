/** Reads and changes the stored files, as any program of this user can. Entries of the vault also need the user's keyring. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyvigil } from './keyvigil.ts';

export interface AccountsFile {
  readonly accounts: readonly (Record<string, unknown> & { readonly id: string })[];
}

/** The entries are encrypted, in base 64, by the account's id. */
export interface VaultFile {
  readonly entries: Readonly<Record<string, string>>;
}

interface Files {
  'accounts.json': AccountsFile;
  'vault.json': VaultFile;
}

export function readStored<N extends keyof Files>({ profile }: Keyvigil, name: N): Files[N] {
  return JSON.parse(readFileSync(join(profile, name), 'utf8')) as Files[N];
}

export function changeStored<N extends keyof Files>(
  keyvigil: Keyvigil,
  name: N,
  change: (content: Files[N]) => Files[N],
): void {
  const content = change(readStored(keyvigil, name));
  writeFileSync(join(keyvigil.profile, name), JSON.stringify(content));
}

/** Decrypts with the keyring of the running app. */
export function decrypt({ app }: Keyvigil, entries: readonly string[]): Promise<string[]> {
  return app.evaluate(
    ({ safeStorage }, entries) =>
      entries.map((entry) => safeStorage.decryptString(Buffer.from(entry, 'base64'))),
    entries,
  );
}

/** Encrypts with the keyring of the running app. */
export function encrypt({ app }: Keyvigil, texts: readonly string[]): Promise<string[]> {
  return app.evaluate(
    ({ safeStorage }, texts) =>
      texts.map((text) => safeStorage.encryptString(text).toString('base64')),
    texts,
  );
}
