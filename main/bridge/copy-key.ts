import type { Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { Account } from '../sessions/account.ts';
import type { LiveKeys } from '../sessions/live-keys.ts';
import { problemOf } from '../sessions/session.ts';
import type { SettingsStore } from '../storage/settings.ts';
import { keyFormats } from '../systems/key-formats.ts';
import type { CopyCheck, Problem } from './contract.ts';
import { storedFormats } from './stored-formats.ts';

/** A text to copy that contains no session key, but is as secret as a session key. */
export interface KeylessFormat {
  readonly id: string;
  readonly label: () => string;
  readonly text: string;
  /** Shown before the text is copied. */
  readonly warning?: () => string;
}

export interface Copier {
  /** How often the clipboard was cleared before its time, for example because the screen was locked. */
  readonly earlyClears: number;
  copy(text: string, clearAfterSeconds: number): Promise<void>;
  /**
   * Copies `text` if `copied` is still on the clipboard.
   * @returns whether `text` is now on the clipboard
   */
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
  /** Called when a copied key was checked. The popup may be closed by then. */
  readonly onCheck: (account: Account, check: CopyCheck) => void;
  readonly clock: Clock;
  readonly onChange: () => void;
}

export interface Copied {
  readonly clearsInSeconds: number;
  /** The result of the check. Missing if no check is needed, because the key was verified just before, or no key was copied. */
  readonly check?: Promise<CopyCheck>;
}

/** Copies an account's key, or another of its texts by `formatId`. The key goes only to the clipboard, and is checked afterwards. */
export async function copyKey(
  deps: CopyDeps,
  id: string,
  formatId?: string,
): Promise<Result<Copied, Problem>> {
  const { accounts, keys, copier, settings, keylessFormats } = deps;
  const account = accounts.get(id);
  const { clearClipboardSeconds: clearsInSeconds } = settings.get();
  const keyless = [...keylessFormats(account), ...storedFormats(account)].find(
    ({ id }) => id === formatId,
  );
  if (keyless) {
    await copier.copy(keyless.text, clearsInSeconds);
    storeTime(deps, account);
    return success({ clearsInSeconds });
  }
  account.use();
  const { earlyClears } = copier;
  // There is no key yet, but a silent login may bring one.
  if (account.session.state === 'renewing') await keys.getVerified(account);
  // No key may come to the clipboard of a locked screen.
  if (copier.earlyClears !== earlyClears) return failed({ message: m.cleared_before_copy() });
  const { session, sessionKey, system, target } = account;
  if (!sessionKey) return failed({ message: problemOf(session) ?? m.no_key_to_copy() });
  const format = keyFormats(system, target).find(({ id }) => id === formatId);
  const toText = (key: string) => (format ? format.text(key) : key);
  await copier.copy(toText(sessionKey.key), clearsInSeconds);
  storeTime(deps, account);
  if (keys.isFresh(account)) return success({ clearsInSeconds });
  const check = checkCopiedKey(deps, account, sessionKey.key, toText);
  void check.then((found) => deps.onCheck(account, found));
  return success({ clearsInSeconds, check });
}

/** Storing the time of a copy is slow, so store it only if the list is ordered by this time. */
function storeTime({ settings, clock, onChange }: CopyDeps, account: Account): void {
  if (settings.get().accountOrder !== 'last-copied') return;
  account.update({ lastCopiedAt: clock.wall() });
  onChange();
}

/** Verifies a key that was copied. If the key has expired, replaces it on the clipboard, or clears the clipboard. */
async function checkCopiedKey(
  { keys, copier, settings }: CopyDeps,
  account: Account,
  key: string,
  toText: (key: string) => string,
): Promise<CopyCheck> {
  const live = await keys.getVerified(account);
  if (live.ok && live.value.key === key) return 'works';
  if (live.ok) {
    const { clearClipboardSeconds } = settings.get();
    const text = toText(live.value.key);
    const isReplaced = await copier.replace(toText(key), text, clearClipboardSeconds);
    return isReplaced ? 'replaced' : 'renewed';
  }
  if (live.error.kind === 'offline' && live.error.lastKey !== undefined) return 'unknown';
  await copier.clear(toText(key));
  return 'expired';
}
