import { SECOND_MS, type Clock } from '../clock.ts';
import { m } from '../messages/with-english.ts';
import { failed, success, type Result } from '../result.ts';
import type { AccountSession } from './account-session.ts';
import type { SessionKey } from './account.ts';

/** A key that was verified this long ago is handed out without asking the server. */
const FRESH_MS = 30 * SECOND_MS;
/** How often a program can make Keyvigil ask a server that does not respond. */
const MIN_BETWEEN_RETRIES_MS = 5 * SECOND_MS;

export type NoKey =
  | { readonly kind: 'sign-in-needed'; readonly message: string }
  /** `lastKey` may have expired. */
  | { readonly kind: 'offline'; readonly message: string; readonly lastKey: string | undefined };

/** Hands out keys that work: each was verified in the last 30 s, or is verified or renewed now. Never asks the user. Each is a use: the session does not rest. */
export class LiveKeys {
  readonly #clock: Clock;
  readonly #retriedAt = new WeakMap<AccountSession, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Calls at the same time share one request.
   * @param rejectedKey a key that the server has just refused: it is not handed out again
   */
  async get(account: AccountSession, rejectedKey?: string): Promise<Result<SessionKey, NoKey>> {
    account.use();
    const isRejected = account.sessionKey?.key === rejectedKey;
    if (isRejected || !this.isFresh(account)) await this.#verify(account, rejectedKey);
    return keyOf(account);
  }

  /** The account's key was verified just now. */
  isFresh({ session }: AccountSession): boolean {
    return session.state === 'live' && this.#clock.now() - session.sessionKey.verifiedAt < FRESH_MS;
  }

  async #verify(account: AccountSession, rejectedKey?: string): Promise<void> {
    const now = this.#clock.now();
    if (account.session.state === 'offline') {
      const retriedAt = this.#retriedAt.get(account) ?? -Infinity;
      if (now - retriedAt < MIN_BETWEEN_RETRIES_MS) return;
      this.#retriedAt.set(account, now);
      account.apply({ type: 'retry-moved', retryAt: now });
    }
    await account.attend(rejectedKey);
  }
}

function keyOf({ session, sessionKey }: AccountSession): Result<SessionKey, NoKey> {
  switch (session.state) {
    case 'live':
      return success(session.sessionKey);
    case 'offline':
      return failed({ kind: 'offline', message: session.problem, lastKey: sessionKey?.key });
    case 'renewing':
      // The task was aborted: Keyvigil quits, or the user signs out.
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
