import { MINUTE_MS } from '../../main/clock.ts';
import { settle, VirtualClock } from '../support/virtual-clock.ts';
import { Conditions, type Excuse, type ExcuseCause } from './conditions.ts';
import { Dice } from './dice.ts';
import type { Lapses } from './lapses.ts';
import { Ledger } from './ledger.ts';
import { LoginBook } from './login-book.ts';
import { startServers, type Account, type Server } from './servers.ts';
import { KeyvigilSubject, type Subject, type SubjectParts } from './subject.ts';
import type { Timeline } from './timeline.ts';
import { Transport } from './transport.ts';
import { DAY_MS, drawWeather, type Happening } from './weather.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly accounts: number;
  readonly days: number;
  /** Who is put into this world; Keyvigil's keeper unless said. */
  readonly subject?: (parts: SubjectParts) => Subject;
  /** What happens, of everything that was drawn; all of it unless said. */
  readonly happens?: (happening: Happening) => boolean;
  /** Single answers are lost or late besides; they are unless said. */
  readonly withMishaps?: boolean;
  /** Called after each day. */
  readonly onDay?: (day: number) => void;
}

export interface Result {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  readonly servers: number;
  readonly happenings: number;
  readonly lapses: Lapses;
  /** Requests that left the machine, whatever became of them. */
  readonly requests: number;
  /** Of those, the ones that reached a server which could answer. */
  readonly answerable: number;
  /** Requests that found no network to be sent to. */
  readonly unsent: number;
  readonly fewestRequests: number;
  readonly logins: number;
  readonly loginsAfterRefusal: number;
  readonly loginsAfterTwoLost: number;
  readonly mostAtOnce: number;
  /** Timers that were set while no request was under way. */
  readonly mostTimers: number;
  readonly faults: readonly unknown[];
  readonly timelines: readonly { readonly account: Account; readonly timeline: Timeline }[];
}

/** A Monday, 08:00 UTC; trouble begins when everybody has signed in. */
const START = Date.UTC(2026, 0, 5, 8);
const CALM_MS = 30 * MINUTE_MS;

/** Lets one machine live through a world, and measures. One seed gives one result. */
export async function simulate(options: WorldOptions): Promise<Result> {
  const world = await World.begin(options);
  return world.run();
}

class World {
  readonly #options: WorldOptions;
  readonly #clock: VirtualClock;
  readonly #servers: readonly Server[];
  readonly #accounts: readonly Account[];
  readonly #conditions: Conditions;
  readonly #logins = new LoginBook();
  readonly #transport: Transport;
  readonly #subject: Subject;
  /** Whose password was changed, and not typed yet. */
  readonly #outdated = new Set<Account>();
  /** For whom a person is signing in. */
  readonly #signingIn = new Set<Account>();
  /** Servers of which something may have changed since the ledger was written. */
  readonly #touched = new Set<Server>();

  static async begin(options: WorldOptions): Promise<World> {
    const clock = new VirtualClock(START);
    const dice = new Dice(options.seed, 'servers');
    return new World(options, clock, await startServers(options.accounts, clock, dice));
  }

  private constructor(options: WorldOptions, clock: VirtualClock, servers: readonly Server[]) {
    const { seed, subject = (parts) => new KeyvigilSubject(parts) } = options;
    this.#options = options;
    this.#clock = clock;
    this.#servers = servers;
    this.#accounts = servers.flatMap(({ accounts }) => accounts);
    this.#conditions = new Conditions(servers.length);
    this.#transport = new Transport(
      servers,
      clock,
      this.#conditions,
      new Dice(seed, 'transport'),
      this.#logins,
    );
    this.#transport.onOver = (server) => this.#touched.add(server);
    this.#subject = subject({
      clock,
      fetch: this.#transport.fetch,
      random: new Dice(seed, 'subject').random,
    });
  }

  async run(): Promise<Result> {
    const {
      seed,
      days,
      happens = () => true,
      withMishaps = true,
      onDay = () => {},
    } = this.#options;
    await this.#signInEverybody();
    this.#transport.hasMishaps = withMishaps;
    const clock = this.#clock;
    const from = clock.now();
    const to = from + days * DAY_MS;
    const weather = drawWeather(
      { from, to },
      this.#servers.length,
      this.#accounts.map(({ number, password }) => ({
        number,
        hasPassword: password !== undefined,
      })),
      (name) => new Dice(seed, name),
    ).filter(happens);

    const ledger = new Ledger(
      this.#servers,
      this.#conditions,
      {
        keyOf: (account) => this.#subject.keyOf(account),
        isLeftToPerson: (account) => this.#isLeftToPerson(account),
      },
      from,
    );
    clock.settled = () => {
      for (const server of this.#touched) ledger.update(server, clock.now());
      this.#touched.clear();
    };
    const before = this.#counts();
    let mostTimers = 0;
    let day = 0;
    for (const happening of weather) {
      await this.#until(happening.at);
      if (this.#transport.isIdle) mostTimers = Math.max(mostTimers, clock.timers);
      ledger.passAll(clock.now());
      if (happening.kind === 'sessions forgotten') {
        ledger.forgotten(this.#servers[happening.server]!);
      }
      this.#happen(happening);
      await settle();
      ledger.readAll();
      for (; clock.now() - from >= (day + 1) * DAY_MS; day++) onDay(day + 1);
    }
    await this.#until(to);
    ledger.close(to);
    clock.settled = () => {};
    this.#subject.end();
    await settle();

    const after = this.#counts();
    return {
      seed,
      from,
      to,
      servers: this.#servers.length,
      happenings: weather.length,
      lapses: ledger.lapses,
      requests: after.requests - before.requests,
      answerable: after.answerable - before.answerable,
      unsent: after.unsent - before.unsent,
      fewestRequests: ledger.fewestRequests,
      logins: after.logins - before.logins,
      loginsAfterRefusal: this.#logins.afterRefusal,
      loginsAfterTwoLost: this.#logins.afterTwoLost,
      mostAtOnce: this.#transport.mostAtOnce,
      mostTimers,
      faults: this.#subject.faults,
      timelines: ledger.timelines,
    };
  }

  #counts() {
    const { requests, answerable, unsent } = this.#transport;
    return { requests, answerable, unsent, logins: this.#logins.logins };
  }

  async #signInEverybody(): Promise<void> {
    const end = this.#clock.now() + CALM_MS;
    const everybody = (async () => {
      for (const account of this.#accounts) await this.#subject.add(account);
      return true;
    })();
    await this.#until(end);
    const inTime = await Promise.race([everybody, Promise.resolve(false)]);
    if (!inTime) throw new Error('So many accounts cannot sign in before trouble begins.');
  }

  async #until(at: number): Promise<void> {
    const ms = at - this.#clock.now();
    if (this.#conditions.awake) await this.#clock.advance(ms);
    else this.#clock.sleep(ms);
  }

  #happen(happening: Happening): void {
    const conditions = this.#conditions;
    switch (happening.kind) {
      case 'sleep':
        if (happening.told && conditions.appRuns) this.#subject.suspend();
        conditions.awake = false;
        this.#transport.breakOff();
        break;
      case 'wake':
        conditions.awake = true;
        conditions.excuseAll(happening.told ? undefined : this.#excuse('untold resume'));
        if (happening.told && conditions.appRuns) this.#subject.wake();
        break;
      case 'network lost':
        conditions.troubles.push(happening.trouble);
        break;
      case 'network back':
        this.#networkBack(happening.trouble);
        break;
      case 'network told':
        if (conditions.awake && conditions.appRuns && !conditions.trouble) {
          this.#subject.networkReturned();
        }
        break;
      case 'wall clock set':
        this.#clock.setWallClock(happening.byMs);
        break;
      case 'app ends':
        conditions.appRuns = false;
        this.#subject.end();
        break;
      case 'app starts':
        conditions.appRuns = true;
        conditions.excuseAll(undefined);
        this.#subject.start();
        break;
      case 'person looks':
        if (conditions.awake && conditions.appRuns) this.#look();
        break;
      case 'password changed':
        this.#changePassword(this.#accounts[happening.account]!);
        break;
      default:
        this.#happenTo(this.#servers[happening.server]!, happening);
    }
  }

  #happenTo(server: Server, happening: Extract<Happening, { readonly server: number }>): void {
    const conditions = this.#conditions.servers[server.number]!;
    switch (happening.kind) {
      case 'sessions forgotten':
        server.forgetSessions();
        break;
      case 'outage':
        conditions.outage = happening.outage;
        break;
      case 'outage over':
        conditions.outage = undefined;
        conditions.excuse = this.#excuse('return');
        break;
      case 'throttle':
        conditions.throttle = happening.throttle;
        break;
      case 'throttle over':
        conditions.throttle = undefined;
        conditions.excuse = this.#excuse('return');
        break;
      case 'bad line':
        conditions.badLine = true;
        break;
      case 'bad line over':
        conditions.badLine = false;
        break;
    }
  }

  #networkBack(trouble: Conditions['troubles'][number]): void {
    const { troubles } = this.#conditions;
    troubles.splice(troubles.indexOf(trouble), 1);
    const isTold = trouble === 'disconnected' || trouble === 'no such name';
    this.#conditions.excuseAll(isTold ? undefined : this.#excuse('return'));
  }

  #excuse(cause: ExcuseCause): Excuse {
    return { cause, since: this.#clock.now() };
  }

  #changePassword(account: Account): void {
    account.password = `${account.form.values['password'] ?? ''} since ${this.#clock.now()}`;
    account.server.changePassword(account, account.password);
    this.#outdated.add(account);
  }

  /** A person signs in wherever they are asked to, with the new password where there is one. */
  #look(): void {
    for (const account of this.#accounts) {
      if (this.#signingIn.has(account) || !this.#subject.asksForPerson(account)) continue;
      this.#signingIn.add(account);
      this.#logins.acted(account.server, account.user);
      const typed =
        account.password !== undefined && this.#outdated.has(account)
          ? account.password
          : undefined;
      void this.#signIn(account, typed);
    }
  }

  async #signIn(account: Account, password: string | undefined): Promise<void> {
    const typed = password === undefined ? undefined : { password };
    const isSignedIn = await this.#subject.signIn(account, typed).catch(() => false);
    this.#signingIn.delete(account);
    if (isSignedIn && account.password === password) this.#outdated.delete(account);
  }

  #isLeftToPerson(account: Account): boolean {
    return this.#outdated.has(account) || this.#logins.isLeftToPerson(account.server, account.user);
  }
}
