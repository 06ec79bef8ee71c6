import type { Account } from '../../sessions/account.ts';

/** IPv4 loopback only: nothing on the network can reach it. */
export const LOCAL_HOST = '127.0.0.1';

/**
 * The account's local address, without a slash at its end. It is a secret: anyone who knows it can use the account.
 * @returns undefined if the account has none
 */
export function addressOf(
  { saved, localToken }: Pick<Account, 'saved' | 'localToken'>,
  port: number,
): string | undefined {
  const isOn = saved.scripts.localAddress !== 'off' && localToken !== undefined;
  return isOn ? `http://${LOCAL_HOST}:${port}/${localToken}` : undefined;
}
