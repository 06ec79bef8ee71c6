/** Makes real accounts with local addresses in front of simulated servers, on real sockets and plain Node. */
import { Notices } from '../../main/bridge/notices.ts';
import { ShownAccounts } from '../../main/bridge/shown-accounts.ts';
import { systemClock, type Clock } from '../../main/clock.ts';
import { LocalAddressListener } from '../../main/scripts/local-address/index.ts';
import { upstreamByFetch } from '../../main/scripts/local-address/upstream.ts';
import { newToken } from '../../main/scripts/local-address/tokens.ts';
import { LiveKeys } from '../../main/sessions/live-keys.ts';
import { ScriptAccessControl } from '../../main/scripts/script-access.ts';
import type { Account } from '../../main/sessions/account.ts';
import type { ScriptAccess } from '../../main/sessions/saved-account.ts';
import { DEFAULT_SETTINGS } from '../../main/storage/settings.ts';
import type { Fetch } from '../../main/systems/system.ts';
import { startNexusIc, type NexusIcOptions } from '../simulators/nexus-ic.ts';
import { startRibCx, type RibCxOptions } from '../simulators/rib-cx.ts';
import { PASSWORD, startAccounts, USERS } from './account-world.ts';
import { freePort } from './free-port.ts';

const CX_USER = { email: 'ada@example.com', password: 'secret ädä' };

export interface LocalWorldOptions {
  readonly clock?: Clock;
  readonly nexus?: Partial<NexusIcOptions>;
  readonly ribCx?: Partial<RibCxOptions>;
  /** Sends the requests to the accounts' servers. No other request goes through this function. */
  readonly fetch?: Fetch;
}

export type LocalWorld = Awaited<ReturnType<typeof createLocalWorld>>;

export async function createLocalWorld({
  clock = systemClock,
  nexus: nexusOptions,
  ribCx: ribCxOptions,
  fetch: send = fetch,
}: LocalWorldOptions = {}) {
  const [nexus, ribCx] = await Promise.all([
    startNexusIc({ clock, users: USERS, keepAlive: true, ...nexusOptions }),
    startRibCx({ clock, users: [CX_USER], keepAlive: true, ...ribCxOptions }),
  ]);
  const accounts = startAccounts({ clock, fetch: send });
  const shownAccounts = new ShownAccounts({
    accounts: accounts.list,
    settings: { get: () => DEFAULT_SETTINGS, save: () => undefined },
    clock,
    onChange: () => void listener.update(),
  });
  const access = new ScriptAccessControl(accounts.list, () => shownAccounts.all, newToken);
  const keys = new LiveKeys(clock);
  const notices = new Notices();
  const used: string[] = [];
  const reported: unknown[] = [];
  let port = await freePort();
  const listener = new LocalAddressListener({
    clock,
    keys,
    upstream: upstreamByFetch(send),
    accounts: () => access.withLocalAddress,
    port: () => port,
    notices,
    onUse: (id) => used.push(id),
    logError: (error) => reported.push(error),
  });

  async function give(account: Account, localAddress: ScriptAccess['localAddress']) {
    await access.set(account.saved.id, { mayUseCommand: false, localAddress });
    await listener.update();
    return account;
  }
  const addNexus = async (localAddress: ScriptAccess['localAddress'] = 'read', address?: string) =>
    give(
      await accounts.add({
        system: 'nexus-ic',
        name: 'Plant model',
        address: address ?? nexus.baseUrl,
        method: 'password',
        values: { userName: 'engineer1', password: PASSWORD },
        remember: true,
        keepAliveMinutes: 8,
      }),
      localAddress,
    );
  const addCx = async (localAddress: ScriptAccess['localAddress'] = 'read') =>
    give(
      await accounts.add({
        system: 'rib-cx',
        name: 'Harbour Tunnel',
        address: ribCx.origin,
        method: 'password',
        values: { ...CX_USER, apiVersion: 'latest' },
        remember: true,
        keepAliveMinutes: 10,
      }),
      localAddress,
    );

  return {
    nexus,
    ribCx,
    accounts,
    access,
    shownAccounts,
    keys,
    notices,
    used,
    reported,
    listener,
    give,
    addNexus,
    addCx,
    get port() {
      return port;
    },
    set port(changed) {
      port = changed;
    },
    get host() {
      return `127.0.0.1:${port}`;
    },
    addressOf: ({ localToken }: Account) => `http://127.0.0.1:${port}/${localToken}`,
    async close() {
      await listener.stop();
      accounts.list.stop();
      await Promise.all([nexus.stop(), ribCx.stop()]);
    },
  };
}
