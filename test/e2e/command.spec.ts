/** Tests the real script of the command `keyvigil` against the running app. */
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quoteForSh } from '../../main/scripts/reply.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram, SCRIPT } from '../support/run-program.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { listening } from './listening.ts';
import { nexusAccount, onlyKey } from './servers.ts';

const MAY_USE = 'Scripts may use this account';

test('scripts get no key until the user turns that on in the details, and each use is counted there', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup, account } = await launchSignedIn(keyvigil, form);
  expect(await keyvigil.command('key', form.name)).toMatchObject({ status: 6, stdout: '' });
  await account.choose('Details');
  await expect(popup.page.getByRole('checkbox', { name: MAY_USE })).not.toBeChecked();
  await popup.page.getByRole('checkbox', { name: MAY_USE }).check();
  await expect
    .poll(() => keyvigil.command('key', form.name))
    .toEqual({ status: 0, stdout: `${onlyKey(nexus)}\n`, stderr: '' });
  const used = popup.page.getByText(/^Used by scripts/);
  await popup.button('Back').click();
  await account.choose('Details');
  await expect(used).toContainText('once');

  await popup.page.getByRole('checkbox', { name: MAY_USE }).uncheck();
  await expect.poll(async () => (await keyvigil.command('key', form.name)).status).toBe(6);
});

test('a script gets a new key for a session that has expired, and no window opens', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup, account } = await launchSignedIn(keyvigil, form);
  await account.choose('Details');
  await popup.page.getByRole('checkbox', { name: MAY_USE }).check();
  await popup.button('Back').click();
  await account.item.waitFor();
  await popup.page.keyboard.press('Escape');
  await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
  const before = onlyKey(nexus);
  nexus.forgetSessions();
  expect(await keyvigil.command('verify', form.name)).toMatchObject({ status: 0 });
  const { stdout } = await keyvigil.command('key', form.name);
  expect([stdout.trim(), before === stdout.trim()]).toEqual([onlyKey(nexus), false]);
  expect([await keyvigil.isPopupOpen(), keyvigil.windows.length]).toEqual([false, 1]);
});

test('keyvigil open opens the popup, at an account if one is named', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup } = await launchSignedIn(keyvigil, form);
  for (const [words, heading] of [
    [[], 'Keyvigil'],
    [['open', 'plant MODEL'], form.name],
  ] as const) {
    await popup.page.keyboard.press('Escape');
    await expect.poll(() => keyvigil.isPopupOpen()).toBe(false);
    expect(await keyvigil.command(...words)).toEqual({ status: 0, stdout: '', stderr: '' });
    await expect.poll(() => keyvigil.isPopupOpen()).toBe(true);
    await expect(popup.page.getByRole('heading', { name: heading, exact: true })).toBeVisible();
  }
});

test('without Keyvigil, the command exits with 7, and --start starts it on the profile that KEYVIGIL_PROFILE names', async ({
  keyvigil,
}) => {
  expect(await keyvigil.command('list')).toMatchObject({ status: 7, stdout: '' });

  const app = appScript(keyvigil);
  const env = { ...keyvigil.environment(), KEYVIGIL_PROFILE: keyvigil.profile, KEYVIGIL_APP: app };
  const list = await runProgram([SCRIPT, 'list', '--start'], { env });
  try {
    expect(list).toMatchObject({ status: 0, stderr: '' });
    expect(list.stdout).toMatch(/^NAME +SYSTEM/);
    expect(await keyvigil.command('--version')).toMatchObject({ status: 0 });
  } finally {
    await endApp(app);
  }
  expect(await keyvigil.command('list')).toMatchObject({ status: 7 });
});

test('with nothing turned on for scripts, Keyvigil listens on the command’s socket and on Electron’s own alone', async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  await launchSignedIn(keyvigil, form);
  await keyvigil.quit();
  const group = keyvigil.start();
  await expect.poll(async () => (await keyvigil.command('list')).stdout).toContain('Live');
  expect(kinds(listening(group))).toEqual(['command', 'single instance']);
  await keyvigil.kill();

  // Prove that `listening` finds a port: turn the local address on, and find its port.
  const localAddressPort = await freePort();
  writeFileSync(join(keyvigil.profile, 'settings.json'), JSON.stringify({ localAddressPort }));
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  await popup.account(form.name).choose('Details');
  await popup.page.getByRole('checkbox', { name: 'Local address', exact: true }).check();
  await expect(popup.button('Copy address')).toBeVisible();
  await keyvigil.quit();
  const again = keyvigil.start();
  await expect
    .poll(() => kinds(listening(again)))
    .toEqual(['command', 'single instance', `tcp ${localAddressPort}`]);
});

function kinds(found: readonly string[]): string[] {
  return found
    .map((each) =>
      each
        .replace(/^\/.*\/run\/keyvigil\/[\da-f]{16}\.sock$/, 'command')
        .replace(/^\/.*\/SingletonSocket$/, 'single instance'),
    )
    .toSorted();
}

/** Writes a program that starts the app as `npm start` does, and that writes down the app's process id. */
function appScript(keyvigil: Keyvigil): string {
  const path = join(keyvigil.home, 'start');
  const start = keyvigil.commandLine.filter((word) => !word.startsWith('--user-data-dir='));
  const lines = ['#!/bin/sh', 'echo $$ > "$0.pid"', `exec ${start.map(quoteForSh).join(' ')}`];
  writeFileSync(path, lines.join('\n'), { mode: 0o755 });
  return path;
}

async function endApp(app: string): Promise<void> {
  if (!existsSync(`${app}.pid`)) return;
  const pid = Number(readFileSync(`${app}.pid`, 'utf8'));
  process.kill(pid);
  await expect.poll(() => isRunning(pid)).toBe(false);
}

/** A process that has ended has no executable any more, even if nobody has waited for its end. */
function isRunning(pid: number): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) !== '';
  } catch {
    return false;
  }
}
