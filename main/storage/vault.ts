import * as v from 'valibot';
import { m } from '../messages/index.ts';
import { Secrets, SessionKey } from '../sessions/saved-account.ts';
import type { SecretStore } from '../sessions/account-storage.ts';
import { openStore, type OpenedStore, type StoreFolder } from './json-store.ts';

/** The operating system's keyring, which encrypts for this user on this computer. */
export interface Keyring {
  /** False without a keyring, or if the keyring is locked. Then nothing may be stored. */
  isAvailable(): Promise<boolean>;
  encrypt(text: string): Promise<Buffer>;
  /**
   * `isStale`: the keyring has a newer key, so the text must be encrypted again.
   * @throws if another keyring encrypted the text
   */
  decrypt(encrypted: Buffer): Promise<{ text: string; isStale: boolean }>;
}

/** Each account's secrets are encrypted separately, so that an unreadable entry does not affect the others. */
const File = v.object({ version: v.literal(1), entries: v.record(v.string(), v.string()) });

type File = v.InferOutput<typeof File>;

/** One entry, with the names that the file uses. */
const Entry = v.object({
  /** Missing in entries of the first version, which are not used. */
  owner: v.optional(v.string(), ''),
  values: Secrets.entries.values,
  refused: v.boolean(),
  lostLogins: v.optional(v.number(), 0),
  held: v.optional(SessionKey),
  localToken: Secrets.entries.localToken,
});

export class Vault implements SecretStore {
  readonly #keyring: Keyring | undefined;
  readonly #file: OpenedStore<File>;
  readonly #secrets: Map<string, Secrets>;
  readonly #entries: Map<string, string>;
  /** The ids of unreadable entries. Each of these stays in the file until new secrets replace it. */
  readonly #unreadable: Set<string>;

  private constructor(
    keyring: Keyring | undefined,
    file: OpenedStore<File>,
    secrets: ReadonlyMap<string, Secrets>,
  ) {
    this.#keyring = keyring;
    this.#file = file;
    this.#entries = new Map(Object.entries(file.content.entries));
    this.#secrets = new Map(secrets);
    const ids = keyring ? [...this.#entries.keys()] : [];
    this.#unreadable = new Set(ids.filter((id) => !secrets.has(id)));
  }

  /** @param keyring undefined if no secret may be stored */
  static async open(folder: StoreFolder, keyring: Keyring | undefined): Promise<Vault> {
    const file = openStore(folder, 'vault', m.stored_secrets, File, ({ entries }) => ({
      version: 1 as const,
      entries: Object.fromEntries(
        Object.entries(entries ?? {}).filter(([, entry]) => v.is(v.string(), entry)),
      ),
    }));
    if (!keyring || !(await keyring.isAvailable())) return new Vault(undefined, file, new Map());
    const secrets = new Map<string, Secrets>();
    const stale: string[] = [];
    for (const [id, entry] of Object.entries(file.content.entries)) {
      const read = await readEntry(keyring, entry);
      if (read) secrets.set(id, read.secrets);
      if (read?.isStale) stale.push(id);
    }
    const vault = new Vault(keyring, file, secrets);
    // If the keyring is locked now, the old entry stays, and the keyring can still read it.
    for (const id of stale) await vault.set(id, secrets.get(id)!).catch(() => undefined);
    return vault;
  }

  /** Whether secrets can be stored. Otherwise they are only in memory. */
  get canStore(): boolean {
    return this.#keyring !== undefined;
  }

  get hasUnreadable(): boolean {
    return this.#unreadable.size > 0;
  }

  get(id: string): Secrets | undefined {
    return this.#secrets.get(id);
  }

  async set(id: string, secrets: Secrets): Promise<void> {
    if (this.#keyring === undefined) return;
    this.#secrets.set(id, secrets);
    // Another keyring may read the entry tomorrow, so only a new sign-in replaces it.
    const isEmpty = secrets.sessionKey === undefined && Object.keys(secrets.values).length === 0;
    if (isEmpty && this.#unreadable.has(id)) return;
    const encrypted = await this.#keyring.encrypt(writeEntry(secrets));
    // If a later call has changed or deleted the secrets while the keyring worked, the later call counts.
    if (this.#secrets.get(id) !== secrets) return;
    this.#unreadable.delete(id);
    this.#entries.set(id, encrypted.toString('base64'));
    this.#save();
  }

  delete(id: string): void {
    this.#secrets.delete(id);
    if (this.#entries.delete(id)) this.#save();
  }

  #save(): void {
    this.#file.save({ version: 1, entries: Object.fromEntries(this.#entries) });
  }
}

function writeEntry(secrets: Secrets): string {
  const { owner, values, isRefused, unansweredLogins, sessionKey, localToken } = secrets;
  const entry: v.InferInput<typeof Entry> = {
    owner,
    values,
    refused: isRefused,
    lostLogins: unansweredLogins,
    ...(sessionKey && { held: sessionKey }),
    ...(localToken !== undefined && { localToken }),
  };
  return JSON.stringify(entry);
}

async function readEntry(
  keyring: Keyring,
  encrypted: string,
): Promise<{ secrets: Secrets; isStale: boolean } | undefined> {
  try {
    const { text, isStale } = await keyring.decrypt(Buffer.from(encrypted, 'base64'));
    const entry = v.parse(Entry, JSON.parse(text));
    const { owner, values, refused, lostLogins, held, localToken } = entry;
    const secrets = {
      owner,
      values,
      isRefused: refused,
      unansweredLogins: lostLogins,
      ...(held && { sessionKey: held }),
      ...(localToken !== undefined && { localToken }),
    };
    return { secrets, isStale };
  } catch {
    return undefined;
  }
}
