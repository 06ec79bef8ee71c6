import { failed, success } from '../result.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { KeepAlive } from '../sessions/keep-alive.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { Result } from './contract.ts';

export interface CopyDeps {
  readonly accounts: AccountList;
  readonly keepAlive: KeepAlive;
  readonly copier: { copy(text: string, clearAfterSeconds: number): Promise<void> };
  readonly settings: SettingsStore;
}

/** Copies an account's key. The key goes nowhere else. */
export async function copyKey(
  { accounts, keepAlive, copier, settings }: CopyDeps,
  id: string,
  formatId?: string,
): Promise<Result<{ clearsInSeconds: number; warning?: string }>> {
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
  const { clearClipboardSeconds: clearsInSeconds } = settings.get();
  await copier.copy(format ? format.text(sessionKey.key) : sessionKey.key, clearsInSeconds);
  if (session.state === 'live') return success({ clearsInSeconds });
  const warning = 'The server does not respond, so this key may have expired.';
  return success({ clearsInSeconds, warning });
}
