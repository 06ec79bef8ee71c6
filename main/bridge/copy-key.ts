import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { Account } from '../sessions/account.ts';
import type { LiveKeys } from '../sessions/live-keys.ts';
import type { SettingsStore } from '../storage/settings.ts';
import { keyFormats } from '../systems/key-formats.ts';
import type { CopyCheck, Result } from './contract.ts';
import { storedFormats } from './stored-formats.ts';

/** A text to copy that holds no session key, but is as secret as one. */
export interface KeylessFormat {
  readonly id: string;
  readonly label: () => string;
  readonly text: string;
  /** Shown before it is copied. */
  readonly warning?: () => string;
}

export interface Copier {
  copy(text: string, clearAfterSeconds: number): Promise<void>;
  /** Copies `text` if `copied` is still on the clipboard. @returns whether it was */
  replace(copied: string, text: string, clearAfterSeconds: number): Promise<boolean>;
  /** Clears `copied`, if it is still on the clipboard. */
  clear(copied: string): Promise<void>;
}

export interface CopyDeps {
  readonly accounts: AccountList;
  readonly keys: LiveKeys;
  readonly copier: Copier;
  readonly settings: SettingsStore;
  readonly keylessFormats: (account: Account) => readonly KeylessFormat[];
  /** Called when a copied key is checked: the popup may be closed by then. */
  readonly onCheck: (account: Account, check: CopyCheck) => void;
}

export interface Copied {
  readonly clearsInSeconds: number;
  /** What the check of the key finds out. Missing if the key was verified just before the copy. */
  readonly check?: Promise<CopyCheck>;
}

/** Copies an account's key at once, then checks whether it works. The key goes nowhere else. */
export async function copyKey(
  deps: CopyDeps,
  id: string,
  formatId?: string,
): Promise<Result<Copied>> {
  const { accounts, keys, copier, settings, keylessFormats } = deps;
  const account = accounts.get(id);
  const { clearClipboardSeconds: clearsInSeconds } = settings.get();
  const keyless = [...keylessFormats(account), ...storedFormats(account)].find(
    ({ id }) => id === formatId,
  );
  if (keyless) {
    await copier.copy(keyless.text, clearsInSeconds);
    return success({ clearsInSeconds });
  }
  // During a renewal or a rest there is no key to copy, but a sign-in without the user may bring one.
  const isEnded = account.isResting && !account.sessionKey;
  if (account.session.state === 'renewing' || isEnded) await keys.get(account);
  const { sessionKey, system, target } = account;
  if (!sessionKey) return failed({ message: m.no_key_to_copy() });
  const format = keyFormats(system, target).find(({ id }) => id === formatId);
  const toText = (key: string) => (format ? format.text(key) : key);
  const text = toText(sessionKey.key);
  await copier.copy(text, clearsInSeconds);
  if (keys.isFresh(account)) return success({ clearsInSeconds });
  const checked = check();
  void checked.then((outcome) => deps.onCheck(account, outcome));
  return success({ clearsInSeconds, check: checked });

  async function check(): Promise<CopyCheck> {
    const live = await keys.get(account);
    if (live.ok && live.value.key === sessionKey!.key) return 'works';
    if (live.ok) {
      const isReplaced = await copier.replace(text, toText(live.value.key), clearsInSeconds);
      return isReplaced ? 'replaced' : 'renewed';
    }
    if (live.error.kind === 'offline' && live.error.lastKey !== undefined) return 'unknown';
    await copier.clear(text);
    return 'expired';
  }
}
