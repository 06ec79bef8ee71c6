import type { Clock } from '../../main/clock.ts';
import { AccountList, type AccountObserver } from '../../main/sessions/account-list.ts';
import type { AccountForm, FormProblem } from '../../main/sessions/account-form.ts';
import { AccountStorage } from '../../main/sessions/account-storage.ts';
import type { Account } from '../../main/sessions/account.ts';
import type { AccountDeps } from '../../main/sessions/account-state.ts';
import type { SavedAccount, Secrets } from '../../main/sessions/saved-account.ts';
import {
  KeepAliveScheduler,
  type KeepAliveSchedulerDeps,
} from '../../main/sessions/keep-alive-scheduler.ts';
import type { Presence } from '../../main/sessions/rest.ts';
import { LiveKeys } from '../../main/sessions/live-keys.ts';
import type { Result } from '../../main/result.ts';
import { systems } from '../../main/systems/index.ts';
import { createRequestLimit } from '../../main/systems/request-limit.ts';
import type { Fetch, System } from '../../main/systems/system.ts';
import { startNexusIc, type NexusIc, type NexusIcOptions } from '../simulators/nexus-ic.ts';
import { VirtualClock } from './virtual-clock.ts';

export const PASSWORD = 'secret pässword';
export const USERS = [
  { username: 'engineer1', password: PASSWORD, apiKey: 'KEY-1' },
  { username: 'engineer2', password: PASSWORD, apiKey: 'KEY-2' },
];

/** A user who must never be asked: each question fails the test. */
export const nobody: ReturnType<AccountDeps['interaction']> = {
  openBrowser: () => Promise.reject(new Error('The browser was opened.')),
  openWindow: () => Promise.reject(new Error('A window was opened.')),
  showCode: () => {
    throw new Error('A code was shown.');
  },
  end: () => undefined,
};

/** The stored files, kept in memory. A restart reads them. */
export class MemoryStorage {
  accounts: readonly SavedAccount[] = [];
  readonly secrets = new Map<string, Secrets>();
  /** Secrets are stored when its promise resolves. A test can replace it with a keyring that is slow or locked, or never answers. */
  keyring: () => Promise<void> = () => Promise.resolve();
}

export type Observer = AccountObserver & { slept: KeepAliveSchedulerDeps['onSlept'] };

export interface AccountsOptions {
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly random?: () => number;
  readonly presence?: () => Presence;
  readonly systems?: readonly System[];
  readonly interaction?: AccountDeps['interaction'];
  /** Makes the observer of each run. */
  readonly observer?: () => Observer;
}

const PRESENT: Presence = { idleMs: 0, isLocked: false };

const BLIND: Observer = { changed() {}, removed() {}, slept() {} };

export interface Accounts {
  /** The list of the current run. */
  readonly list: AccountList;
  readonly scheduler: KeepAliveScheduler;
  readonly storage: MemoryStorage;
  /** Bugs, and errors about what could not be stored. */
  readonly reported: unknown[];
  tryAdd(form: AccountForm): Promise<Result<Account, FormProblem>>;
  /**
   * Adds an account.
   * @throws if the account is refused
   */
  add(form: AccountForm): Promise<Account>;
  /** @returns the account, as soon as it is known whether its session is live */
  settled(id: string): Promise<Account>;
  /** Ends this run, and starts another run on the same storage. */
  restart(): AccountList;
}

/** Starts the real list of accounts, on a storage in memory. */
export function startAccounts({
  clock,
  fetch,
  random = () => 0.5,
  presence = () => PRESENT,
  systems: known = systems,
  interaction = () => nobody,
  observer = () => BLIND,
}: AccountsOptions): Accounts {
  const storage = new MemoryStorage();
  const reported: unknown[] = [];
  const logError = (error: unknown) => reported.push(error);
  let ids = 0;
  const start = () => {
    const limit = createRequestLimit();
    const watching = observer();
    const scheduler = new KeepAliveScheduler({
      clock,
      random,
      presence,
      logError,
      onSlept: (from, to) => watching.slept(from, to),
    });
    const list = new AccountList({
      systems: known,
      services: () => ({ fetch, limit, clock, timeLimitMs: 15_000 }),
      storage: new AccountStorage({
        accounts: {
          load: () => storage.accounts,
          save: (accounts) => {
            storage.accounts = structuredClone(accounts);
          },
        },
        vault: {
          get: (id) => storage.secrets.get(id),
          set: async (id, secrets) => {
            await storage.keyring();
            storage.secrets.set(id, structuredClone(secrets));
          },
          delete: (id) => void storage.secrets.delete(id),
        },
        onNotStored: logError,
      }),
      scheduler,
      clock,
      random,
      interaction,
      observer: watching,
      logError,
    });
    list.start();
    return { list, scheduler };
  };
  let run = start();
  return {
    storage,
    reported,
    get list() {
      return run.list;
    },
    get scheduler() {
      return run.scheduler;
    },
    async tryAdd(form) {
      const id = `account-${++ids}`;
      const added = await run.list.add(id, form);
      return added.ok ? { ok: true, value: run.list.get(id) } : added;
    },
    async add(form) {
      const added = await this.tryAdd(form);
      if (!added.ok) throw new Error(added.error.message);
      return added.value;
    },
    async settled(id) {
      await new LiveKeys(clock).getVerified(run.list.get(id));
      return run.list.get(id);
    },
    restart() {
      run.list.stop();
      run = start();
      return run.list;
    },
  };
}

export interface World {
  readonly accounts: Accounts;
  readonly clock: VirtualClock;
  readonly server: NexusIc;
  form(changes?: Partial<AccountForm>): AccountForm;
  add(changes?: Partial<AccountForm>): Promise<Account>;
}

/** Makes the real list of accounts, the real client and a simulated NEXUS IC, on one virtual clock and without a socket. */
export async function createWorld({
  through = (fetch: Fetch) => fetch,
  clock = new VirtualClock(),
  observer,
  presence,
  systems: known,
  ...options
}: Partial<NexusIcOptions> & {
  /** Wraps the server's `fetch`, for example to make faults. */
  through?: (fetch: Fetch) => Fetch;
  clock?: VirtualClock;
  observer?: AccountsOptions['observer'];
  presence?: () => Presence;
  systems?: AccountsOptions['systems'];
} = {}): Promise<World> {
  const server = await startNexusIc({ users: USERS, ...options, clock, listen: false });
  const fetch = through(server.fetch);
  const accounts = startAccounts({
    clock,
    fetch,
    ...(observer && { observer }),
    ...(presence && { presence }),
    ...(known && { systems: known }),
  });
  const form = (changes: Partial<AccountForm> = {}): AccountForm => ({
    system: 'nexus-ic',
    name: 'Plant model',
    address: server.baseUrl,
    method: 'password',
    values: { userName: 'engineer1', password: PASSWORD },
    remember: true,
    keepAliveMinutes: 8,
    ...changes,
  });
  return { accounts, clock, server, form, add: (changes) => accounts.add(form(changes)) };
}
