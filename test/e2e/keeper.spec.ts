/** What the keeper does when machine, network and server come and go, on the real network stack of Electron. */
import type { Page } from '@playwright/test';
import { connectionReset, loginPage, redirect } from '../simulators/faults.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import {
  addAccount,
  expect,
  item,
  onlyKey,
  test,
  USER,
  wallClock,
  type Keyvigil,
} from './fixtures.ts';

/** The 3 s over which a wake-up is spread, on a slow machine; but less than the minute after which a look at the clock finds it. */
const SOON_MS = 20_000;

test('a session that ended while the machine slept is signed in to anew soon after it woke, without asking first', async ({
  keyvigil,
  nexus,
}) => {
  await signedIn(keyvigil, nexus);
  const before = onlyKey(nexus);
  nexus.forgetSessions();
  const woke = await sleep(keyvigil, { minutes: 61, event: 'resume' });
  await expect.poll(() => nexus.sessions.size).toBe(1);
  expect(lastRequestAt(nexus) - woke).toBeLessThan(SOON_MS);
  expect(nexus.journal.count('version')).toBe(0);
  await expect(item(await keyvigil.popup())).toContainText('Live');
  expect(onlyKey(nexus)).not.toBe(before);
});

test('a session that outlived a sleep is verified when the screen is unlocked, and keeps its key', async ({
  keyvigil,
  nexus,
}) => {
  await signedIn(keyvigil, nexus);
  const before = onlyKey(nexus);
  const woke = await sleep(keyvigil, { minutes: 9, event: 'unlock-screen' });
  await expect.poll(() => nexus.journal.count('version', 200)).toBe(1);
  expect(lastRequestAt(nexus) - woke).toBeLessThan(SOON_MS);
  expect(onlyKey(nexus)).toBe(before);
  expect(nexus.loginRequests).toBe(1);
});

test('without a network a session keeps its key, and is live at once when there is one again', async ({
  keyvigil,
  nexus,
}) => {
  const page = await signedIn(keyvigil, nexus);
  const key = onlyKey(nexus);
  await nexus.stop();
  await tellNetwork(keyvigil, { isOnline: false });
  await backOff(page);
  await expect(item(page)).toContainText('Offline');
  await item(page).getByRole('button', { name: 'Copy session key' }).click();
  await expect.poll(() => keyvigil.clipboard()).toBe(key);

  await nexus.restart();
  await tellNetwork(keyvigil, { isOnline: true });
  await expect(item(page)).toContainText('Live');
  expect(onlyKey(nexus)).toBe(key);
  expect(nexus.loginRequests).toBe(1);
});

test('a server that only a VPN leads to is tried at once when that comes up', async ({
  keyvigil,
  nexus,
}) => {
  const page = await signedIn(keyvigil, nexus);
  await nexus.stop();
  await backOff(page);
  await nexus.restart();
  await tellNetwork(keyvigil, { isOnline: true, vpn: '10.8.0.2' });
  await expect(item(page)).toContainText('Live');
});

test('a server that restarted gets one login for the session it has forgotten', async ({
  keyvigil,
  nexus,
}) => {
  const page = await signedIn(keyvigil, nexus);
  const before = onlyKey(nexus);
  await nexus.stop();
  await verify(page);
  await expect(item(page)).toContainText('Offline');
  nexus.forgetSessions();
  await nexus.restart();
  await expect(item(page)).toContainText('Live');
  expect(onlyKey(nexus)).not.toBe(before);
  expect(nexus.loginRequests).toBe(2);
});

for (const [name, fault] of [
  ['answers in the server’s place', loginPage()],
  ['sends on to its own page', redirect('http://portal.test/')],
] as const) {
  test(`a network’s sign-in page that ${name} costs no key`, async ({ keyvigil, nexus }) => {
    const page = await signedIn(keyvigil, nexus);
    const key = onlyKey(nexus);
    nexus.faults.always(fault);
    await verify(page);
    await expect(item(page)).toContainText('Offline');
    await expect(item(page)).toContainText('sign-in page');
    nexus.faults.clear();
    await verify(page);
    await expect(item(page)).toContainText('Live');
    expect(onlyKey(nexus)).toBe(key);
  });
}

test('a login whose connection breaks is sent twice at most: Chromium does not repeat it by itself', async ({
  keyvigil,
}) => {
  // As IIS does. Chromium sends again, also a POST, what breaks on a connection that was used before.
  const nexus = await startNexusIc({ clock: wallClock, users: [USER], keepAlive: true });
  const page = await signedIn(keyvigil, nexus);
  await verify(page);
  nexus.forgetSessions();
  nexus.faults.always(connectionReset(), { route: 'login' });
  const before = nexus.loginRequests;
  await verify(page);
  await expect(item(page)).toContainText('Offline');
  expect(nexus.loginRequests - before).toBe(1);
  await verify(page);
  await verify(page);
  await expect(item(page)).toContainText('Sign-in needed');
  expect(nexus.loginRequests - before).toBe(2);
  await nexus.stop();
});

async function signedIn(keyvigil: Keyvigil, { origin }: NexusIc): Promise<Page> {
  await keyvigil.launch();
  const page = await keyvigil.popup();
  await expect(await addAccount(page, { address: origin })).toContainText('Live');
  return page;
}

/** As a user who chooses `Verify now`; resolves when it is known. */
async function verify(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { accounts } = await window.keyvigil.request('snapshot', undefined);
    for (const { id } of accounts) await window.keyvigil.request('verify', { id });
  });
}

/** Fails so often that the next try is more than a minute away: what comes sooner was not waited for. */
async function backOff(page: Page): Promise<void> {
  const waitMs = async () => {
    await verify(page);
    return page.evaluate(async () => {
      const { accounts } = await window.keyvigil.request('snapshot', undefined);
      return (accounts[0]?.retryAt ?? 0) - Date.now();
    });
  };
  await expect.poll(waitMs, { intervals: [0] }).toBeGreaterThan(60_000);
}

/**
 * Electron's own event for a sleep that was so long, by a clock that went on in it, as Linux has one. Resolves with when the
 * machine woke.
 */
function sleep(
  { app }: Keyvigil,
  { minutes, event }: { minutes: number; event: 'resume' | 'unlock-screen' },
): Promise<number> {
  return app.evaluate(
    ({ powerMonitor }, { minutes, event }) => {
      const os = process.getBuiltinModule('node:os');
      const { uptime } = os;
      if (event === 'resume') powerMonitor.emit('suspend');
      Object.assign(os, { uptime: () => uptime() + minutes * 60 });
      process.getBuiltinModule('node:module').syncBuiltinESMExports();
      powerMonitor.emit(event);
      return Date.now();
    },
    { minutes, event },
  );
}

/**
 * What the operating system says of its networks. (Only root may take one away for real, and Electron's emulation does not
 * reach the main process; the servers' sockets are closed and opened for real.)
 */
async function tellNetwork(
  { app }: Keyvigil,
  { isOnline, vpn }: { isOnline: boolean; vpn?: string },
): Promise<void> {
  await app.evaluate(
    ({ net }, { isOnline, vpn }) => {
      const os = process.getBuiltinModule('node:os');
      const { networkInterfaces } = os;
      const tunnel = vpn === undefined ? {} : { tun0: [{ address: vpn, internal: false }] };
      Object.assign(net, { isOnline: () => isOnline });
      Object.assign(os, { networkInterfaces: () => ({ ...networkInterfaces(), ...tunnel }) });
      process.getBuiltinModule('node:module').syncBuiltinESMExports();
    },
    { isOnline, vpn },
  );
}

function lastRequestAt({ journal }: NexusIc): number {
  return journal.entries.at(-1)?.at ?? Infinity;
}
