import { SECOND_MS, type Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';
import type { Account } from './account.ts';
import type { SessionKey } from './saved-account.ts';

/** A key verified within this time is handed out without asking the server. */
const FRESH_MS = 30 * SECOND_MS;
/** The shortest time between two requests for an account whose server does not respond. */
const MIN_BETWEEN_RETRIES_MS = 5 * SECOND_MS;

export type NoKey =
  | { readonly kind: 'sign-in-needed'; readonly message: string }
  /** The server does not respond. `lastKey` may have expired. */
  | { readonly kind: 'offline'; readonly message: string; readonly lastKey: string | undefined };

/**
 * Hands out keys that work. A key that was not verified in the last 30 s is verified or renewed first. Never asks the user.
 * A session whose key is requested stops resting.
 */
export class LiveKeys {
  readonly #clock: Clock;
  readonly #retriedAt = new WeakMap<Account, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Calls at the same time share one request.
   * @param rejectedKey the key of a request that has just failed. The key may still be valid, so the server is asked before the key is
   * handed out again.
   */
  async getVerified(account: Account, rejectedKey?: string): Promise<Result<SessionKey, NoKey>> {
    account.use();
    const wasRejected = rejectedKey !== undefined && rejectedKey === account.sessionKey?.key;
    if (wasRejected || !this.isFresh(account)) await this.#keepAlive(account, rejectedKey);
    return keyOf(account);
  }

  isFresh({ session }: Account): boolean {
    return session.state === 'live' && this.#clock.now() - session.sessionKey.verifiedAt < FRESH_MS;
  }

  async #keepAlive(account: Account, rejectedKey?: string): Promise<void> {
    const now = this.#clock.now();
    if (account.session.state === 'offline') {
      const retriedAt = this.#retriedAt.get(account) ?? -Infinity;
      if (now - retriedAt < MIN_BETWEEN_RETRIES_MS) return;
      this.#retriedAt.set(account, now);
      account.apply({ type: 'retry-moved', retryAt: now });
    }
    await account.keepAlive(rejectedKey);
  }
}

function keyOf({ session, sessionKey }: Account): Result<SessionKey, NoKey> {
  switch (session.state) {
    case 'live':
      return success(session.sessionKey);
    case 'offline':
      return failed({ kind: 'offline', message: session.problem, lastKey: sessionKey?.key });
    case 'renewing':
      // The keep-alive was aborted, because Keyvigil quits or the user signs out.
      return failed({
        kind: 'offline',
        message: m.session_is_being_renewed(),
        lastKey: undefined,
      });
    case 'sign-in-needed':
      return failed({ kind: 'sign-in-needed', message: session.problem });
    case 'signed-out':
    case 'signing-in':
      return failed({ kind: 'sign-in-needed', message: m.not_signed_in() });
  }
}
