import type { Login, WorldServer } from './world-server.ts';

/** After this many logins without an answer, the next login might lock the account. */
const MAX_UNANSWERED = 2;

interface LoginRecord {
  /** The credentials that the server refused, if the app received the refusal. */
  refused: string | undefined;
  unansweredInARow: number;
}

/** A login that is on its way. It may end only once: of `answered` and `unanswered`, only the first call counts. */
export interface SentLogin {
  /** The server has decided on the login. */
  readonly decided: (status: number, body: string) => void;
  /** The app received an answer, or knows that the server never got the login. */
  readonly answered: () => void;
  readonly unanswered: () => void;
}

/** Counts all logins, and the logins that must never be sent. */
export class LoginAudit {
  logins = 0;
  /** Counts logins with credentials that the server had refused, if the user did nothing since. */
  afterRefusal = 0;
  /** Counts logins after two logins in a row without an answer. */
  afterTwoUnanswered = 0;
  readonly #records = new Map<string, LoginRecord>();

  send(server: WorldServer, login: Login): SentLogin {
    const record = this.#record(server, login.user);
    this.logins++;
    if (record.refused === login.credentials) this.afterRefusal++;
    if (record.unansweredInARow >= MAX_UNANSWERED) this.afterTwoUnanswered++;
    let isRefused = false;
    let isOver = false;
    const end = (apply: () => void) => {
      if (!isOver) apply();
      isOver = true;
    };
    return {
      decided: (status, body) => {
        isRefused = server.isRefusal(status, body);
      },
      answered: () =>
        end(() => {
          record.unansweredInARow = 0;
          if (isRefused) record.refused = login.credentials;
        }),
      unanswered: () => end(() => record.unansweredInARow++),
    };
  }

  /** The user signs in. The audit starts again, because these logins are the user's decision. */
  reset(server: WorldServer, user: string): void {
    this.#records.delete(keyOf(server, user));
  }

  /** @returns whether only the user may log in now */
  needsUser(server: WorldServer, user: string): boolean {
    return (this.#records.get(keyOf(server, user))?.unansweredInARow ?? 0) >= MAX_UNANSWERED;
  }

  #record(server: WorldServer, user: string): LoginRecord {
    const key = keyOf(server, user);
    const record = this.#records.get(key) ?? { refused: undefined, unansweredInARow: 0 };
    this.#records.set(key, record);
    return record;
  }
}

const keyOf = ({ host }: WorldServer, user: string) => `${host} ${user}`;
