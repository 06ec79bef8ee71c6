import { DAY_MS, MINUTE_MS } from '../../main/clock.ts';
import { ownerOf } from '../../main/sessions/account-form.ts';
import { NO_CHOICES, type SavedAccount, type Secrets } from '../../main/sessions/saved-account.ts';
import { isNeeded, type Rest } from '../../main/sessions/rest.ts';
import { nexusIc } from '../../main/systems/nexus-ic/index.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import { startAccounts, type Accounts } from '../support/account-world.ts';
import { settle, VirtualClock } from '../support/virtual-clock.ts';
import { GRACE_MS } from './judge.ts';
import { Person } from './person.ts';
import { SeededRandom } from './random.ts';

export interface OfficeOptions {
  readonly people: number;
  readonly licences: number;
  readonly days: number;
  readonly seed: number;
  /** The times in which no session is needed. */
  readonly rest?: Rest | undefined;
}

/** The result is plain data, because a worker thread sends it to the main thread. */
export interface OfficeResult {
  readonly logins: number;
  readonly refusedLogins: number;
  readonly maxSessions: number;
  readonly maxAtComputer: number;
  /** The minutes in which a person at a computer needed a session. In `lackingMinutes` of them, there was no session. */
  readonly neededMinutes: number;
  readonly lackingMinutes: number;
  readonly bugs: number;
}

const LATENCY_MS = 50;
/** People look at Keyvigil a moment after they come back. */
const LOOKS_AFTER_MS = MINUTE_MS;

/**
 * An office whose people share the licences of one NEXUS IC. Each person has a Keyvigil on a computer that nobody turns off. The
 * only trouble is that the licences run out.
 */
export async function runOffice(options: OfficeOptions): Promise<OfficeResult> {
  const { people, licences, days, seed } = options;
  // The first day is a Monday. The days are in local time, because working hours are.
  const midnights = Array.from({ length: days }, (_, day) => new Date(2026, 0, 5 + day).getTime());
  const clock = new VirtualClock(midnights[0]);
  const users = Array.from({ length: people }, (_, number) => userOf(number));
  const randomBytes = new SeededRandom(seed, 'server');
  const server = await startNexusIc({
    clock,
    users,
    licences,
    random: (size) => randomBytes.bytes(size),
    listen: false,
    journalLimit: 10,
  });
  let logins = 0;
  let refusedLogins = 0;
  const fetch = async (url: string, init: RequestInit) => {
    await new Promise<void>((resolve) => clock.setTimer(LATENCY_MS, resolve));
    const answer = await server.fetch(url, init);
    if (new Headers(init.headers).has('authorization')) {
      logins++;
      if (answer.status === 401) refusedLogins++;
    }
    return answer;
  };
  const desks = users.map((_, number) => {
    const random = new SeededRandom(seed, `person ${number}`);
    const person = new Person(midnights, random);
    const presence = () => person.presence(clock.now());
    const accounts = startAccounts({ clock, fetch, random: random.next, presence });
    return new Desk(number, person, accounts, clock, options.rest);
  });
  for (const desk of desks) desk.turnOn(server);

  let maxSessions = 0;
  let maxAtComputer = 0;
  let neededMinutes = 0;
  let lackingMinutes = 0;
  const end = clock.now() + days * DAY_MS;
  for (let at = clock.now() + MINUTE_MS; at <= end; at += MINUTE_MS) {
    await clock.advance(at - clock.now());
    const { sessions } = server;
    maxSessions = Math.max(maxSessions, sessions.size);
    maxAtComputer = Math.max(maxAtComputer, desks.filter((desk) => desk.isTaken).length);
    for (const { needsSession, key } of desks) {
      if (!needsSession) continue;
      neededMinutes++;
      if (key === undefined || !sessions.has(key)) lackingMinutes++;
    }
  }
  for (const { accounts } of desks) accounts.list.stop();
  await settle();
  const bugs = desks.reduce((sum, { accounts }) => sum + accounts.reported.length, 0);
  return {
    logins,
    refusedLogins,
    maxSessions,
    maxAtComputer,
    neededMinutes,
    lackingMinutes,
    bugs,
  };
}

/** One computer with Keyvigil, and the person who uses it. */
class Desk {
  readonly accounts: Accounts;
  readonly #id: string;
  readonly #number: number;
  readonly #person: Person;
  readonly #clock: VirtualClock;
  readonly #rest: Rest | undefined;

  constructor(
    number: number,
    person: Person,
    accounts: Accounts,
    clock: VirtualClock,
    rest: Rest | undefined,
  ) {
    this.accounts = accounts;
    this.#id = `account-${number}`;
    this.#number = number;
    this.#person = person;
    this.#clock = clock;
    this.#rest = rest;
  }

  turnOn(server: NexusIc): void {
    const { storage } = this.accounts;
    const account = accountOf(this.#number, server.origin, this.#rest);
    storage.accounts = [account];
    storage.secrets.set(this.#id, secretsOf(this.#number, account));
    // The accounts load what is stored only when they start.
    this.accounts.restart();
    for (const at of this.#person.returns) {
      const inMs = at - this.#clock.now();
      // The operating system announces that the screen is unlocked.
      this.#clock.setTimer(inMs, () => this.accounts.scheduler.resume());
      this.#clock.setTimer(inMs + LOOKS_AFTER_MS, () => this.#signInIfAsked());
    }
  }

  get isTaken(): boolean {
    return this.#person.isAtComputer(this.#clock.now());
  }

  get key(): string | undefined {
    return this.accounts.list.get(this.#id).sessionKey?.key;
  }

  /** The person is at the computer, and Keyvigil had time to notice that the session is needed. */
  get needsSession(): boolean {
    const now = this.#clock.now();
    const isNeededAt = (time: number) =>
      this.#person.isAtComputer(time) &&
      isNeeded(this.#rest, this.#person.presence(time), Infinity, time);
    return isNeededAt(now) && isNeededAt(now - GRACE_MS);
  }

  #signInIfAsked(): void {
    const { list } = this.accounts;
    const { session } = list.get(this.#id);
    if (!this.isTaken || session.state !== 'sign-in-needed') return;
    void list.signIn(this.#id, { password: userOf(this.#number).password });
  }
}

const userOf = (number: number) => ({ username: `user-${number}`, password: `pässword ${number}` });

const accountOf = (number: number, origin: string, rest: Rest | undefined): SavedAccount => ({
  id: `account-${number}`,
  name: `Person ${number + 1}`,
  system: 'nexus-ic',
  method: 'password',
  address: origin,
  values: { userName: userOf(number).username },
  learned: { base: `${origin}/data/icweb.dll`, verb: 'POST' },
  remember: true,
  keepAliveMinutes: 8,
  ...(rest && { rest }),
  wanted: true,
  ...NO_CHOICES,
});

const secretsOf = (number: number, account: SavedAccount): Secrets => ({
  owner: ownerOf(account, nexusIc.methods[0]!),
  values: { password: userOf(number).password },
  isRefused: false,
  unansweredLogins: 0,
});
