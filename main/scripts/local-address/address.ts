import type { AccountSession } from '../../sessions/account-session.ts';

/** IPv4 loopback only: nothing on the network can reach it. */
export const LOCAL_HOST = '127.0.0.1';

/**
 * No trailing slash. A secret: anyone who has it can use the account.
 * @returns undefined if the account has none
 */
export function addressOf(
  { account, localToken }: Pick<AccountSession, 'account' | 'localToken'>,
  port: number,
): string | undefined {
  const isOn = account.scripts.localAddress !== 'off' && localToken !== undefined;
  return isOn ? `http://${LOCAL_HOST}:${port}/${localToken}` : undefined;
}
