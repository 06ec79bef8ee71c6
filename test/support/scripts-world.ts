/**
 * Makes everything that scripts can use, as in the app, in front of simulated servers. Sockets and programs are real, on plain
 * Node.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeylessFormat } from '../../main/bridge/copy-key.ts';
import { Notices } from '../../main/bridge/notices.ts';
import { storedFormats } from '../../main/bridge/stored-formats.ts';
import { SECOND_MS, systemClock, type Clock } from '../../main/clock.ts';
import { LiveKeys } from '../../main/sessions/live-keys.ts';
import { Scripts } from '../../main/scripts/index.ts';
import { upstreamByFetch } from '../../main/scripts/local-address/upstream.ts';
import type { Account } from '../../main/sessions/account.ts';
import type { ScriptAccess } from '../../main/sessions/saved-account.ts';
import { DEFAULT_SETTINGS } from '../../main/storage/settings.ts';
import { keyFormats } from '../../main/systems/key-formats.ts';
import { startNexusIc } from '../simulators/nexus-ic.ts';
import { startRibCx } from '../simulators/rib-cx.ts';
import { PASSWORD, startAccounts, USERS } from './account-world.ts';
import { freePort } from './free-port.ts';
import { SCRIPT } from './run-program.ts';

const CX_USER = { email: 'ada@example.com', password: 'secret ädä' };
const ON: ScriptAccess = { mayUseCommand: true, localAddress: 'read' };

export type ScriptsWorld = Awaited<ReturnType<typeof createScriptsWorld>>;

/** @param beforeRequest is called before the local address sends a request, which already has its key */
export async function createScriptsWorld({
  beforeRequest = async () => {},
}: { beforeRequest?: () => Promise<void> } = {}) {
  let skipped = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + skipped };
  const [nexus, ribCx, localAddressPort] = await Promise.all([
    startNexusIc({ clock, users: USERS, keepAlive: true }),
    startRibCx({ clock, users: [CX_USER], keepAlive: true }),
    freePort(),
  ]);
  const accounts = startAccounts({ clock, fetch });
  const profile = mkdtempSync(join(tmpdir(), 'keyvigil-scripts-'));
  const used: string[] = [];
  const reported: unknown[] = [];
  const send = upstreamByFetch(fetch);
  const scripts = new Scripts({
    accounts: accounts.list,
    shown: () => accounts.list.all,
    keys: new LiveKeys(clock),
    copier: { copy: () => Promise.reject(new Error('Nothing is copied here.')) },
    settings: { get: () => ({ ...DEFAULT_SETTINGS, localAddressPort }), save: () => undefined },
    notices: new Notices(),
    activity: { used: (id) => used.push(id) },
    async upstream(request) {
      await beforeRequest();
      return send(request);
    },
    openPopup: () => reported.push(new Error('The popup was opened.')),
    version: '1.2.3',
    profile,
    env: {},
    platform: process.platform,
    clock,
    logError: (error) => reported.push(error),
  });
  await scripts.start();

  async function turnOn(account: Account) {
    await scripts.handlers.setScriptAccess({ id: account.saved.id, scripts: ON });
    await scripts.update();
    return account;
  }
  const plant = await turnOn(
    await accounts.add({
      system: 'nexus-ic',
      name: 'Plant model',
      address: nexus.baseUrl,
      method: 'password',
      values: { userName: 'engineer1', password: PASSWORD },
      remember: true,
      keepAliveMinutes: 8,
    }),
  );
  const tunnel = await turnOn(
    await accounts.add({
      system: 'rib-cx',
      name: 'Harbour Tunnel',
      address: ribCx.origin,
      method: 'password',
      values: { ...CX_USER, apiVersion: 'latest' },
      remember: true,
      keepAliveMinutes: 10,
    }),
  );

  function formatsOf(account: Account): readonly KeylessFormat[] {
    const { system, target, sessionKey } = account;
    const keyed = keyFormats(system, target).map(({ id, label, text }) => ({
      id,
      label,
      text: text(sessionKey!.key),
    }));
    return [...keyed, ...scripts.keylessFormats(account), ...storedFormats(account)];
  }

  return {
    nexus,
    ribCx,
    /** `plant` is an account of NEXUS IC, and `tunnel` is an account of RIB CX. */
    plant,
    tunnel,
    used,
    reported,
    /** With these variables, a program finds the command and this profile. */
    env: {
      ...process.env,
      KEYVIGIL_PROFILE: profile,
      PATH: `${join(SCRIPT, '..')}:${process.env['PATH'] ?? ''}`,
    },
    addressOf: ({ localToken }: Account) => `http://127.0.0.1:${localAddressPort}/${localToken}`,
    /** @returns the text that *Copy as …* copies */
    copied(account: Account, format: string): string {
      return formatsOf(account).find(({ id }) => id === format)!.text;
    },
    /** Everything that *Copy as …* offers for a signed-in account. */
    formatsOf,
    /** Lets half a minute pass, so that keys which were verified just now are no longer fresh. */
    passHalfMinute: () => (skipped += 30 * SECOND_MS),
    async close() {
      scripts.stop();
      accounts.list.stop();
      await Promise.all([nexus.stop(), ribCx.stop()]);
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
