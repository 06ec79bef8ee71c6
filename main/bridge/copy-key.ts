import { failed, success } from '../result.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { AccountSession } from '../sessions/account-session.ts';
import type { KeepAlive } from '../sessions/keep-alive.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { Result } from './contract.ts';

/** A text to copy that holds no session key, but is as secret as one. */
export interface KeylessFormat {
  readonly id: string;
  readonly label: string;
  readonly text: string;
}

export interface CopyDeps {
  readonly accounts: AccountList;
  readonly keepAlive: KeepAlive;
  readonly copier: { copy(text: string, clearAfterSeconds: number): Promise<void> };
  readonly settings: SettingsStore;
  readonly keylessFormats: (account: AccountSession) => readonly KeylessFormat[];
}

/** Copies an account's key. The key goes nowhere else. */
export async function copyKey(
  { accounts, keepAlive, copier, settings, keylessFormats }: CopyDeps,
  id: string,
  formatId?: string,
): Promise<Result<{ clearsInSeconds: number; warning?: string }>> {
  const { clearClipboardSeconds: clearsInSeconds } = settings.get();
  const keyless = keylessFormats(accounts.get(id)).find(({ id }) => id === formatId);
  if (keyless) {
    await copier.copy(keyless.text, clearsInSeconds);
    return success({ clearsInSeconds });
  }
  // Never copy an expired key after sleep.
  await keepAlive.checkIfDue(accounts.get(id));
  const { session, sessionKey, system, target } = accounts.get(id);
  if (!sessionKey) {
    const message =
      session.state === 'renewing'
        ? 'Keyvigil is renewing the session. Try again in a moment.'
        : 'There is no session key to copy. Sign in first.';
    return failed({ message });
  }
  const format = system.copyFormats(target).find(({ id }) => id === formatId);
  await copier.copy(format ? format.text(sessionKey.key) : sessionKey.key, clearsInSeconds);
  if (session.state === 'live') return success({ clearsInSeconds });
  const warning = 'The server does not respond, so this key may have expired.';
  return success({ clearsInSeconds, warning });
}
