import type { Clock } from '../../main/clock.ts';
import type { Account, AccountForm, Secrets } from '../../main/sessions/account.ts';
import { Keeper, type Witness } from '../../main/sessions/keeper.ts';
import { MOST_AT_ONCE } from '../../main/sessions/server.ts';
import type { KeptAccount, Surroundings } from '../../main/sessions/kept-account.ts';
import { Gates } from '../../main/systems/gate.ts';
import { systems } from '../../main/systems/index.ts';
import type { Fetch, System } from '../../main/systems/system.ts';
import { startNexusIc, type NexusIc, type NexusIcOptions } from '../simulators/nexus-ic.ts';
import { VirtualClock } from './virtual-clock.ts';

export const PASSWORD = 'secret pässword';
export const USERS = [
  { username: 'engineer1', password: PASSWORD, apiKey: 'KEY-1' },
  { username: 'engineer2', password: PASSWORD, apiKey: 'KEY-2' },
];

/** A user who is never asked. */
export const nobody: ReturnType<Surroundings['interaction']> = {
  browser: () => Promise.reject(new Error('The browser was opened.')),
  window: () => Promise.reject(new Error('A window was opened.')),
  code: () => {
    throw new Error('A code was shown.');
  },
  end: () => undefined,
};

/** What a restart finds again: the stored files, in memory. */
export class MemoryStorage {
  accounts: readonly Account[] = [];
  readonly secrets = new Map<string, Secrets>();
}

export interface KeeperOptions {
  readonly clock: Clock;
  readonly fetch: Fetch;
  readonly random?: () => number;
  readonly systems?: readonly System[];
  readonly interaction?: Surroundings['interaction'];
  /** Asked for anew at each start. */
  readonly witness?: () => Witness;
}

const BLIND: Witness = { became() {}, removed() {}, slept() {} };

export interface KeptWorld {
  readonly keeper: Keeper;
  readonly storage: MemoryStorage;
  /** Faults that nobody waited for. */
  readonly reported: unknown[];
  /** Adds an account; the test fails where that does. */
  add(form: AccountForm): Promise<KeptAccount>;
  /** Ends this keeper, and starts another on the same storage. */
  restart(): Keeper;
}

/** A keeper on a storage in memory. */
export function keepIn({
  clock,
  fetch,
  random = () => 0.5,
  systems: known = systems,
  interaction = () => nobody,
  witness = () => BLIND,
}: KeeperOptions): KeptWorld {
  const storage = new MemoryStorage();
  const reported: unknown[] = [];
  let ids = 0;
  const start = () => {
    const gates = new Gates(MOST_AT_ONCE);
    const keeper = new Keeper({
      systems: known,
      services: () => ({
        fetch,
        enter: (url, signal) => gates.enter(url, signal),
        clock,
        timeLimitMs: 15_000,
      }),
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
      interaction,
      newId: () => `account-${++ids}`,
      notStored: (error) => reported.push(error),
      report: (error) => reported.push(error),
      witness: witness(),
    });
    keeper.start();
    return keeper;
  };
  let keeper = start();
  return {
    storage,
    reported,
    get keeper() {
      return keeper;
    },
    async add(form) {
      const added = await keeper.add(form);
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

export interface World extends Omit<KeptWorld, 'add'> {
  readonly clock: VirtualClock;
  readonly server: NexusIc;
  form(changes?: Partial<AccountForm>): AccountForm;
  add(changes?: Partial<AccountForm>): Promise<KeptAccount>;
}

/** A keeper with the real client and a simulated NEXUS IC, all on one virtual clock, without a socket. */
export async function createWorld({
  through = (fetch: Fetch) => fetch,
  clock = new VirtualClock(),
  witness,
  ...options
}: Partial<NexusIcOptions> & {
  /** What stands between keeper and server. */
  through?: (fetch: Fetch) => Fetch;
  clock?: VirtualClock;
  witness?: KeeperOptions['witness'];
} = {}): Promise<World> {
  const server = await startNexusIc({ users: USERS, ...options, clock, listen: false });
  const world = keepIn({ clock, fetch: through(server.fetch), ...(witness && { witness }) });
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
    form,
    storage: world.storage,
    reported: world.reported,
    restart: () => world.restart(),
    get keeper() {
      return world.keeper;
    },
    add: (changes) => world.add(form(changes)),
  };
}
