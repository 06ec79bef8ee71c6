import type { Login, Server } from './servers.ts';

/** After so many logins without an answer, nobody knows how close the account is to being locked. */
const MOST_LOST = 2;

/** What became of an account's logins, as its server and the network know it. */
interface Entry {
  /** Refused, and whoever asked was told so. */
  refused: string | undefined;
  lostInARow: number;
}

/** One login on its way. What is first said of its end counts. */
export interface SentLogin {
  /** The server has looked at it. */
  readonly worked: (status: number, body: string) => void;
  /** Some answer arrived, or it is certain that the server never saw it. */
  answered(): void;
  /** No answer arrived: nobody knows what the server made of it. */
  lost(): void;
}

/** Every login, by the truth: which were sent that must not have been. */
export class LoginBook {
  logins = 0;
  /** With credentials that the server had refused, before a person did anything about it. */
  afterRefusal = 0;
  /** After two in a row whose answers were lost. */
  afterTwoLost = 0;
  readonly #entries = new Map<string, Entry>();

  sent(server: Server, login: Login): SentLogin {
    const entry = this.#entry(server, login.user);
    this.logins++;
    if (entry.refused === login.credentials) this.afterRefusal++;
    if (entry.lostInARow >= MOST_LOST) this.afterTwoLost++;
    let isRefused = false;
    let isOver = false;
    const end = (how: () => void) => {
      if (!isOver) how();
      isOver = true;
    };
    return {
      worked: (status, body) => {
        isRefused = server.isRefusal(status, body);
      },
      answered: () =>
        end(() => {
          entry.lostInARow = 0;
          if (isRefused) entry.refused = login.credentials;
        }),
      lost: () => end(() => entry.lostInARow++),
    };
  }

  /** A person takes it upon themselves. */
  acted(server: Server, user: string): void {
    this.#entries.delete(keyOf(server, user));
  }

  /** So many answers were lost that only a person may go on. */
  isLeftToPerson(server: Server, user: string): boolean {
    return (this.#entries.get(keyOf(server, user))?.lostInARow ?? 0) >= MOST_LOST;
  }

  #entry(server: Server, user: string): Entry {
    const key = keyOf(server, user);
    const entry = this.#entries.get(key) ?? { refused: undefined, lostInARow: 0 };
    this.#entries.set(key, entry);
    return entry;
  }
}

const keyOf = ({ host }: Server, user: string) => `${host} ${user}`;
