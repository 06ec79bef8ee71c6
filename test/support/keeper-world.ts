import { Keeper } from '../../main/sessions/keeper.ts';
import type { Account, AccountForm, Secrets } from '../../main/sessions/account.ts';
import type { KeptAccount } from '../../main/sessions/kept-account.ts';
import { systems } from '../../main/systems/index.ts';
import type { Fetch, System } from '../../main/systems/system.ts';
import { startNexusIc, type NexusIc, type NexusIcOptions } from '../simulators/nexus-ic.ts';
import { VirtualClock } from './virtual-clock.ts';

export const PASSWORD = 'secret pässword';
export const USERS = [
  { username: 'engineer1', password: PASSWORD, apiKey: 'KEY-1' },
  { username: 'engineer2', password: PASSWORD, apiKey: 'KEY-2' },
];

/** What a restart finds again: the stored files, in memory. */
export class MemoryStorage {
  accounts: readonly Account[] = [];
  readonly secrets = new Map<string, Secrets>();
}

export interface World {
  readonly clock: VirtualClock;
  readonly server: NexusIc;
  readonly keeper: Keeper;
  readonly storage: MemoryStorage;
  /** Faults that nobody waited for. */
  readonly reported: unknown[];
  form(changes?: Partial<AccountForm>): AccountForm;
  /** Adds an account; the test fails where that does. */
  add(changes?: Partial<AccountForm>): Promise<KeptAccount>;
  /** Ends this keeper, and starts another on the same storage. */
  restart(): Keeper;
}

export interface WorldOptions extends Partial<Omit<NexusIcOptions, 'random'>> {
  readonly random?: () => number;
  readonly fetch?: (server: NexusIc) => Fetch;
  readonly systems?: readonly System[];
}

/** A keeper with the real client and a simulated server, all on one virtual clock, without a socket. */
export async function createWorld({
  random = () => 0.5,
  fetch: fetchOf = (server) => server.fetch,
  systems: known = systems,
  ...options
}: WorldOptions = {}): Promise<World> {
  const clock = new VirtualClock();
  const { users = USERS, ...rest } = options;
  const server = await startNexusIc({ ...rest, clock, users, listen: false });
  const storage = new MemoryStorage();
  const reported: unknown[] = [];
  let ids = 0;
  const start = () => {
    const keeper = new Keeper({
      systems: known,
      services: () => ({ fetch: fetchOf(server), clock, timeLimitMs: 15_000 }),
      accounts: {
        load: () => storage.accounts,
        save: (accounts) => {
          storage.accounts = structuredClone(accounts);
        },
      },
      vault: {
        get: (id) => storage.secrets.get(id),
        set: async (id, secrets) => void storage.secrets.set(id, structuredClone(secrets)),
        delete: (id) => void storage.secrets.delete(id),
      },
      clock,
      random,
      newId: () => `account-${++ids}`,
      report: (error) => reported.push(error),
    });
    keeper.start();
    return keeper;
  };
  let keeper = start();
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
  return {
    clock,
    server,
    storage,
    reported,
    form,
    get keeper() {
      return keeper;
    },
    async add(changes) {
      const added = await keeper.add(form(changes));
      if (!added.ok) throw new Error(added.problem.message);
      return keeper.account(added.value);
    },
    restart() {
      keeper.stop();
      keeper = start();
      return keeper;
    },
  };
}
