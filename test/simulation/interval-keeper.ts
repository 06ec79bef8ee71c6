import { MINUTE_MS } from '../../main/clock.ts';
import { readForm } from '../../main/sessions/account-form.ts';
import { defaultMinutes } from '../../main/sessions/rhythm.ts';
import { systems } from '../../main/systems/index.ts';
import type { Client, FieldValues, Services } from '../../main/systems/system.ts';
import type { Account } from './servers.ts';
import type { Subject, SubjectParts } from './subject.ts';

/** An account as a simple program would have it. */
interface Kept {
  readonly client: Client;
  values: FieldValues;
  readonly everyMs: number;
  key: string | undefined;
  isRefused: boolean;
}

/**
 * What most programs do, and what Keyvigil is compared with: for each account a `setInterval` that sends the keep-alive, and signs in
 * again where the session is gone. It stands still in sleep, as such timers do, hears nothing from the operating system, remembers
 * nothing over a restart but the credentials, and tries for ever.
 */
export class IntervalKeeper implements Subject {
  readonly faults: readonly unknown[] = [];
  readonly #parts: SubjectParts;
  readonly #services: Services;
  readonly #kept = new Map<Account, Kept>();
  /** A new one for each time that the program runs. */
  #running = new AbortController();

  constructor(parts: SubjectParts) {
    this.#parts = parts;
    const { clock, fetch } = parts;
    const limit: Services['limit'] = (_url, _signal, request) => request();
    this.#services = { clock, fetch, limit, timeLimitMs: 15_000 };
  }

  async add(account: Account): Promise<void> {
    const reading = readForm(account.form, systems);
    if (!reading.ok) throw new Error(reading.error.message);
    const { system: systemId, address, method: methodId, values } = reading.value.account;
    const system = systems.find(({ id }) => id === systemId)!;
    const kept: Kept = {
      client: system.connect({ address, methodId, values, learned: {} }, this.#services),
      values: { ...values, ...reading.value.secretValues },
      everyMs: defaultMinutes(system) * MINUTE_MS,
      key: undefined,
      isRefused: false,
    };
    this.#kept.set(account, kept);
    await this.#login(kept, this.#running.signal);
    this.setInterval(kept);
  }

  end(): void {
    this.#running.abort();
    for (const kept of this.#kept.values()) kept.key = undefined;
  }

  start(): void {
    this.#running = new AbortController();
    for (const kept of this.#kept.values()) {
      void this.#login(kept, this.#running.signal);
      this.setInterval(kept);
    }
  }

  suspend(): void {
    // It does not listen.
  }

  wake(): void {
    // It does not listen.
  }

  networkReturned(): void {
    // It does not listen.
  }

  keyOf(account: Account): string | undefined {
    return this.#kept.get(account)?.key;
  }

  asksForPerson(account: Account): boolean {
    return this.#kept.get(account)?.isRefused ?? false;
  }

  async signIn(account: Account, typed: FieldValues | undefined): Promise<boolean> {
    const kept = this.#kept.get(account)!;
    kept.values = { ...kept.values, ...typed };
    return this.#login(kept, this.#running.signal);
  }

  protected setInterval(kept: Kept): void {
    const { signal } = this.#running;
    const tick = () => {
      if (signal.aborted) return;
      void this.#keepAlive(kept, signal);
      this.#parts.clock.setTimer(kept.everyMs, tick);
    };
    this.#parts.clock.setTimer(kept.everyMs, tick);
  }

  async #keepAlive(kept: Kept, signal: AbortSignal): Promise<void> {
    const outcome =
      kept.key === undefined ? undefined : await kept.client.keepAlive(kept.key, signal);
    if (!outcome || (!outcome.ok && outcome.error.kind === 'expired'))
      await this.#login(kept, signal);
  }

  async #login(kept: Kept, signal: AbortSignal): Promise<boolean> {
    const saveSecrets = async (values: FieldValues) => {
      kept.values = { ...kept.values, ...values };
    };
    const outcome = await kept.client.signIn(kept.values, { signal, saveSecrets });
    kept.isRefused = !outcome.ok && outcome.error.kind === 'refused';
    if (outcome.ok && !signal.aborted) kept.key = outcome.value.key;
    return outcome.ok;
  }
}
