import type { Account } from '../../sessions/account.ts';

/** IPv4 loopback only, so that no other computer can connect. */
export const LOCAL_HOST = '127.0.0.1';

/**
 * The account's local address, without a slash at its end. It is a secret, because anyone who knows it can use the account.
 * @returns undefined if the account has none
 */
export function addressOf(
  { saved, localToken }: Pick<Account, 'saved' | 'localToken'>,
  port: number,
): string | undefined {
  const isOn = saved.scripts.localAddress !== 'off' && localToken !== undefined;
  return isOn ? `http://${LOCAL_HOST}:${port}/${localToken}` : undefined;
}
