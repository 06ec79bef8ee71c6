/** Tests how sessions survive sleep, and networks and servers that come and go, on Electron's real network stack. */
import { connectionReset, loginPage, redirect } from '../simulators/faults.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import type { Popup } from './popup.ts';
import { nexusAccount, onlyKey, startNexus } from './servers.ts';

/**
 * A slow machine needs this long to wake up and send its requests, which are spread over 3 s. The limit is below a minute: after a
 * minute, the app would notice the sleep by its clock, even without the event.
 */
const SOON_MS = 20_000;

test('a session that ended while the machine slept is renewed soon after it wakes, without asking first', async ({
  keyvigil,
  nexus,
}) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const before = onlyKey(nexus);
  nexus.forgetSessions();
  const wokeAt = await sleep(keyvigil, { minutes: 61, event: 'resume' });
  await expect.poll(() => nexus.sessions.size).toBe(1);
  expect(lastRequestAt(nexus) - wokeAt).toBeLessThan(SOON_MS);
  // Before the login, the app checks what the server is. It does this without the expired key.
  expect(nexus.journal.entries.filter(({ query }) => query.has('hash'))).toEqual([]);
  await account.shows('Live');
  expect(onlyKey(nexus)).not.toBe(before);
});

test('a session that outlived a sleep is verified when the screen is unlocked, and keeps its key', async ({
  keyvigil,
  nexus,
}) => {
  await launchSignedIn(keyvigil, nexusAccount(nexus));
  const before = onlyKey(nexus);
  const wokeAt = await sleep(keyvigil, { minutes: 9, event: 'unlock-screen' });
  await expect.poll(() => nexus.journal.count('version', 200)).toBe(1);
  expect(lastRequestAt(nexus) - wokeAt).toBeLessThan(SOON_MS);
  expect(onlyKey(nexus)).toBe(before);
  expect(nexus.loginRequests).toBe(1);
});

test('a session rests while its user is away, without a licence, and is live soon after the user is back', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.fillIn(form);
  await popup.page.getByText('More options').click();
  await popup.field('Keep it alive').selectOption('While I use this computer');
  await popup.field('Sign out when resting').check();
  await popup.button('Sign in').click();
  const account = popup.account(form.name);
  await account.shows('Live');

  await setIdle(keyvigil, { minutes: 20 });
  await sleep(keyvigil, { minutes: 20, event: 'resume' });
  await account.shows('The session rests while you are away.');
  await account.shows('Signed out');
  await expect.poll(() => nexus.sessions.size).toBe(0);

  await setIdle(keyvigil, { minutes: 0 });
  await account.shows('Live');
  expect(nexus.sessions.size).toBe(1);
});

test('a session keeps its key without a network, and is live as soon as the network returns', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const key = onlyKey(nexus);
  await nexus.stop();
  await setNetwork(keyvigil, { isOnline: false });
  await backOff(popup);
  await account.shows('Offline');
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(key);

  await nexus.restart();
  await setNetwork(keyvigil, { isOnline: true });
  await account.shows('Live');
  expect(onlyKey(nexus)).toBe(key);
  expect(nexus.loginRequests).toBe(1);
});

test('a server behind a VPN is tried at once when the VPN connects', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await nexus.stop();
  await backOff(popup);
  await nexus.restart();
  await setNetwork(keyvigil, { isOnline: true, vpn: '10.8.0.2' });
  await account.shows('Live');
});

test('a server that restarted gets one login for the session that it forgot', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const before = onlyKey(nexus);
  await nexus.stop();
  await popup.verifyAll();
  await account.shows('Offline');
  nexus.forgetSessions();
  await nexus.restart();
  await account.shows('Live');
  expect(onlyKey(nexus)).not.toBe(before);
  expect(nexus.loginRequests).toBe(2);
});

for (const [what, fault] of [
  ['answers instead of the server', loginPage()],
  ['redirects to its own page', redirect('http://portal.test/')],
] as const) {
  test(`a network’s sign-in page that ${what} costs no key`, async ({ keyvigil, nexus }) => {
    const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
    const key = onlyKey(nexus);
    nexus.faults.always(fault);
    await popup.verifyAll();
    await account.shows('Offline');
    await account.shows('web page or a redirect');
    expect(nexus.loginRequests).toBe(1);
    nexus.faults.clear();
    await popup.verifyAll();
    await account.shows('Live');
    expect(onlyKey(nexus)).toBe(key);
  });
}

test('a login whose connection breaks is sent at most twice: Chromium does not repeat it by itself', async ({
  keyvigil,
}) => {
  // Like IIS, this server keeps connections open. If such a connection breaks, Chromium by default repeats even a POST.
  const nexus = await startNexus({ keepAlive: true });
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await popup.verifyAll();
  nexus.forgetSessions();
  nexus.faults.always(connectionReset(), { route: 'login' });
  const before = nexus.loginRequests;
  await popup.verifyAll();
  await account.shows('Offline');
  expect(nexus.loginRequests - before).toBe(1);
  await popup.verifyAll();
  await popup.verifyAll();
  await account.shows('Sign-in needed');
  expect(nexus.loginRequests - before).toBe(2);
  await nexus.stop();
});

/** Waits until the next retry is more than a minute away. If a retry then comes earlier, it has another reason. */
async function backOff(popup: Popup): Promise<void> {
  const msUntilRetry = async () => {
    await popup.verifyAll();
    const { accounts } = await snapshotOf(popup.page);
    return (accounts[0]?.retryAt ?? 0) - Date.now();
  };
  await expect.poll(msUntilRetry, { intervals: [0] }).toBeGreaterThan(60_000);
}

/**
 * Simulates a sleep: sets `os.uptime` ahead, because it also counts a sleep, and sends Electron's event for the end of the sleep.
 * @returns the time when the machine woke up
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

/** Changes how long the user has been idle, as the operating system reports it. */
async function setIdle({ app }: Keyvigil, { minutes }: { minutes: number }): Promise<void> {
  await app.evaluate(({ powerMonitor }, minutes) => {
    Object.assign(powerMonitor, { getSystemIdleTime: () => minutes * 60 });
  }, minutes);
}

/**
 * Changes the networks that the operating system seems to have. Only root may disconnect a real network, and Electron's emulation
 * does not reach the main process. The tests really close and open the servers' sockets.
 */
async function setNetwork(
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
