import type { Presence } from '../../main/sessions/rest.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { App, AppDeps } from './app.ts';
import {
  isReturnAnnounced,
  type NetworkFault,
  type ServerEvent,
  type WorldEvent,
} from './events.ts';
import { LoginAudit } from './login-audit.ts';
import { Network } from './network.ts';
import type { NamedRandom } from './random.ts';
import type { SessionSource } from './recorder.ts';
import type { WorldAccount, WorldServer } from './world-server.ts';
import { WorldState } from './world-state.ts';

/** One machine with an app, a user and a network, and the servers. Events change this world. */
export class World implements SessionSource {
  readonly state: WorldState;
  readonly network: Network;
  readonly logins = new LoginAudit();
  readonly app: App;
  readonly #clock: VirtualClock;
  readonly #servers: readonly WorldServer[];
  readonly #accounts: readonly WorldAccount[];
  /** The accounts whose new password the user has not typed yet. */
  readonly #outdated = new Set<WorldAccount>();
  readonly #signingIn = new Set<WorldAccount>();

  constructor(
    servers: readonly WorldServer[],
    clock: VirtualClock,
    random: NamedRandom,
    createApp: (deps: AppDeps) => App,
  ) {
    this.#servers = servers;
    this.#clock = clock;
    this.#accounts = servers.flatMap(({ accounts }) => accounts);
    this.state = new WorldState(servers.length);
    this.network = new Network(servers, clock, this.state, random('transport'), this.logins);
    this.app = createApp({
      clock,
      fetch: this.network.fetch,
      random: random('subject').next,
      presence: () => this.#presence,
    });
  }

  /**
   * The user adds all accounts.
   * @throws if this takes longer than `ms`
   */
  async signInAll(ms: number): Promise<void> {
    const all = (async () => {
      for (const account of this.#accounts) await this.app.add(account);
      return true;
    })();
    await this.#clock.advance(ms);
    const isInTime = await Promise.race([all, Promise.resolve(false)]);
    if (!isInTime) throw new Error('The user cannot sign in to so many accounts in time.');
  }

  async advanceTo(at: number): Promise<void> {
    const ms = at - this.#clock.now();
    if (this.state.isAwake) await this.#clock.advance(ms);
    else this.#clock.sleep(ms);
  }

  keyOf(account: WorldAccount): string | undefined {
    return this.app.keyOf(account);
  }

  needsUser(account: WorldAccount): boolean {
    return this.#outdated.has(account) || this.logins.needsUser(account.server, account.user);
  }

  apply(event: WorldEvent): void {
    const { app, state } = this;
    const at = this.#clock.now();
    const isListening = state.isAwake && state.isAppRunning;
    switch (event.kind) {
      case 'sleep':
        if (event.isAnnounced && state.isAppRunning) app.suspend();
        state.isAwake = false;
        this.network.breakConnections();
        break;
      case 'wake-up':
        state.isAwake = true;
        state.add({ at, kind: event.isAnnounced ? 'announcement' : 'wake-up' });
        if (event.isAnnounced && state.isAppRunning) app.resume();
        break;
      case 'network fault':
        state.networkFaults.push(event.fault);
        break;
      case 'network fault over':
        this.#endNetworkFault(event.fault, at);
        break;
      case 'network announced':
        if (isListening && !state.networkFault) app.networkReturned();
        break;
      case 'wall clock set':
        this.#clock.setWallClock(event.byMs);
        break;
      case 'app quits':
        state.isAppRunning = false;
        app.quit();
        break;
      case 'app starts':
        state.isAppRunning = true;
        state.add({ at, kind: 'announcement' });
        app.start();
        break;
      case 'user looks':
        if (isListening && !state.absence) this.#signInWhereAsked();
        break;
      case 'user leaves':
        state.absence = { since: at, locks: event.locks };
        break;
      case 'user returns': {
        const wasLocked = state.absence?.locks ?? false;
        state.absence = undefined;
        if (wasLocked && isListening) app.resume();
        break;
      }
      case 'rest begins':
        state.isWanted = false;
        break;
      case 'rest ends':
        state.isWanted = true;
        state.add({ at, kind: 'announcement' });
        break;
      case 'password changed':
        this.#changePassword(this.#accounts[event.account]!);
        break;
      default:
        this.#applyToServer(this.#servers[event.server]!, event);
    }
  }

  get #presence(): Presence {
    const { absence } = this.state;
    if (!absence) return { idleMs: 0, isLocked: false };
    return { idleMs: this.#clock.now() - absence.since, isLocked: absence.locks };
  }

  #applyToServer(server: WorldServer, event: ServerEvent): void {
    const state = this.state.servers[server.number]!;
    const at = this.#clock.now();
    switch (event.kind) {
      case 'restart':
        state.add({ at, kind: 'restart' });
        server.forgetSessions();
        break;
      case 'outage':
        state.outage = event.outage;
        break;
      case 'outage over':
        state.outage = undefined;
        state.add({ at, kind: 'return' });
        break;
      case 'throttle':
        state.throttle = event.throttle;
        break;
      case 'throttle over':
        state.throttle = undefined;
        state.add({ at, kind: 'return' });
        break;
      case 'bad connection':
        state.hasBadConnection = true;
        break;
      case 'bad connection over':
        state.hasBadConnection = false;
        break;
    }
  }

  #endNetworkFault(fault: NetworkFault, at: number): void {
    const { networkFaults } = this.state;
    networkFaults.splice(networkFaults.indexOf(fault), 1);
    this.state.add({ at, kind: isReturnAnnounced(fault) ? 'announcement' : 'return' });
  }

  #changePassword(account: WorldAccount): void {
    account.password = `${account.form.values['password'] ?? ''} since ${this.#clock.now()}`;
    account.server.changePassword(account.user, account.password);
    this.#outdated.add(account);
  }

  /** The user signs in to each account for which the app asks, with the new password if there is one. */
  #signInWhereAsked(): void {
    for (const account of this.#accounts) {
      if (this.#signingIn.has(account) || !this.app.asksUser(account)) continue;
      this.#signingIn.add(account);
      this.logins.reset(account.server, account.user);
      void this.#signIn(account, this.#outdated.has(account) ? account.password : undefined);
    }
  }

  async #signIn(account: WorldAccount, password: string | undefined): Promise<void> {
    const typed = password === undefined ? undefined : { password };
    const isSignedIn = await this.app.signIn(account, typed).catch(() => false);
    this.#signingIn.delete(account);
    if (isSignedIn && account.password === password) this.#outdated.delete(account);
  }
}
