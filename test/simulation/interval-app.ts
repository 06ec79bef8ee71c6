import { MINUTE_MS } from '../../main/clock.ts';
import { readForm } from '../../main/sessions/account-form.ts';
import { defaultMinutes } from '../../main/sessions/rhythm.ts';
import { systems } from '../../main/systems/index.ts';
import type { Client, FieldValues, Services } from '../../main/systems/system.ts';
import type { App, AppDeps } from './app.ts';
import type { WorldAccount } from './world-server.ts';

interface IntervalAccount {
  readonly client: Client;
  values: FieldValues;
  readonly intervalMs: number;
  key: string | undefined;
  isRefused: boolean;
}

/**
 * Keeps sessions alive as most programs do. For each account, a `setInterval` sends the keep-alive, and logs in if the session
 * has expired. The timers stand still in sleep. The app stores only credentials, and never gives up.
 */
export class IntervalApp implements App {
  readonly bugs: readonly unknown[] = [];
  readonly #deps: AppDeps;
  readonly #services: Services;
  readonly #accounts = new Map<WorldAccount, IntervalAccount>();
  /** `quit` aborts this controller, and `start` replaces it. */
  #running = new AbortController();

  constructor(deps: AppDeps) {
    this.#deps = deps;
    const { clock, fetch } = deps;
    const limit: Services['limit'] = (_url, _signal, request) => request();
    this.#services = { clock, fetch, limit, timeLimitMs: 15_000 };
  }

  async add(account: WorldAccount): Promise<void> {
    const form = readForm(account.form, systems);
    if (!form.ok) throw new Error(form.error.message);
    const { system: systemId, address, method: methodId, values } = form.value.saved;
    const system = systems.find(({ id }) => id === systemId)!;
    const added: IntervalAccount = {
      client: system.connect({ address, methodId, values, learned: {} }, this.#services),
      values: { ...values, ...form.value.secretValues },
      intervalMs: defaultMinutes(system) * MINUTE_MS,
      key: undefined,
      isRefused: false,
    };
    this.#accounts.set(account, added);
    await this.#login(added, this.#running.signal);
    this.setInterval(added);
  }

  quit(): void {
    this.#running.abort();
    for (const account of this.#accounts.values()) account.key = undefined;
  }

  start(): void {
    this.#running = new AbortController();
    for (const account of this.#accounts.values()) {
      void this.#login(account, this.#running.signal);
      this.setInterval(account);
    }
  }

  suspend(): void {
    // This app ignores the operating system.
  }

  resume(): void {
    // This app ignores the operating system.
  }

  networkReturned(): void {
    // This app ignores the operating system.
  }

  keyOf(account: WorldAccount): string | undefined {
    return this.#accounts.get(account)?.key;
  }

  asksUser(account: WorldAccount): boolean {
    return this.#accounts.get(account)?.isRefused ?? false;
  }

  async signIn(account: WorldAccount, typed: FieldValues | undefined): Promise<boolean> {
    const signedIn = this.#accounts.get(account)!;
    signedIn.values = { ...signedIn.values, ...typed };
    return this.#login(signedIn, this.#running.signal);
  }

  protected setInterval(account: IntervalAccount): void {
    const { signal } = this.#running;
    const tick = () => {
      if (signal.aborted) return;
      void this.#keepAlive(account, signal);
      this.#deps.clock.setTimer(account.intervalMs, tick);
    };
    this.#deps.clock.setTimer(account.intervalMs, tick);
  }

  async #keepAlive(account: IntervalAccount, signal: AbortSignal): Promise<void> {
    const { client, key } = account;
    const outcome = key === undefined ? undefined : await client.keepAlive(key, signal);
    if (!outcome || (!outcome.ok && outcome.error.kind === 'expired')) {
      await this.#login(account, signal);
    }
  }

  async #login(account: IntervalAccount, signal: AbortSignal): Promise<boolean> {
    const replaceSecrets = async (values: FieldValues) => {
      account.values = { ...account.values, ...values };
    };
    const outcome = await account.client.logIn(account.values, { signal, replaceSecrets });
    account.isRefused = !outcome.ok && outcome.error.kind === 'refused';
    if (outcome.ok && !signal.aborted) account.key = outcome.value.key;
    return outcome.ok;
  }
}
