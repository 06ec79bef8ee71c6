/** Tests that a copied key leaves the clipboard when its time is over, when the app quits, and at the next start after a crash. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLEAR_CLIPBOARD_SECONDS } from '../../main/limits.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { nexusAccount, onlyKey } from './servers.ts';

const OTHER = 'something else';

function writeClipboard({ app }: Keyvigil, text: string): Promise<void> {
  return app.evaluate(({ clipboard }, text) => clipboard.writeText(text), text);
}

/** @returns the text that is on the clipboard after the app has done all its work at the end */
async function clipboardAtEnd(keyvigil: Keyvigil): Promise<string> {
  const file = join(keyvigil.home, 'clipboard-at-end');
  await keyvigil.app.evaluate(({ app, clipboard }, file) => {
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    const exit = app.exit.bind(app);
    // `readText` returns a text in the older Electron, and a promise in the current one.
    const read = async () => clipboard.readText();
    app.exit = (code) =>
      void read().then((text) => {
        writeFileSync(file, text);
        exit(code);
      });
  }, file);
  await keyvigil.quit();
  return readFileSync(file, 'utf8');
}

test('a key is cleared at its time', async ({ keyvigil, nexus }) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await popup.changeSettings({ clearClipboardSeconds: CLEAR_CLIPBOARD_SECONDS.min });
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
  await expect.poll(() => keyvigil.clipboard()).toBe('');
});

test('a key is cleared when Keyvigil quits', async ({ keyvigil, nexus }) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
  expect(await clipboardAtEnd(keyvigil)).toBe('');
});

test('a key is cleared when the screen is locked, if the user wants that', async ({
  keyvigil,
  nexus,
}) => {
  const { popup, account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  const lock = () => keyvigil.app.evaluate(({ powerMonitor }) => powerMonitor.emit('lock-screen'));
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
  await lock();
  expect(await keyvigil.clipboard()).toBe(onlyKey(nexus));
  await popup.changeSettings({ clearOnLock: true });
  await lock();
  await expect.poll(() => keyvigil.clipboard()).toBe('');
});

test('what the user copied since stays when Keyvigil quits', async ({ keyvigil, nexus }) => {
  const { account } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await account.copyKey();
  await expect.poll(() => keyvigil.clipboard()).toBe(onlyKey(nexus));
  await writeClipboard(keyvigil, OTHER);
  expect(await clipboardAtEnd(keyvigil)).toBe(OTHER);
});

for (const [what, text, left] of [
  ['a key of ours', (key: string) => key, ''],
  ['a key of ours in an address', (key: string) => `https://host/?hash=${key}`, ''],
  ['something else', () => OTHER, OTHER],
] as const) {
  test(`the start after a crash finds ${what} on the clipboard: “${left}” remains`, async ({
    desktop,
    keyvigil,
    nexus,
  }) => {
    await launchSignedIn(keyvigil, nexusAccount(nexus));
    await keyvigil.quit();
    // On X11, a copied text is gone when its owner ends. xclip keeps the text, as a clipboard manager would.
    const owner = spawn('xclip', ['-selection', 'clipboard', '-quiet'], { env: desktop.env });
    owner.stdin.end(text(onlyKey(nexus)));
    const read = () => desktop.run('xclip', '-selection', 'clipboard', '-o').catch(() => '');
    await expect.poll(read).toBe(text(onlyKey(nexus)));
    await keyvigil.launch();
    await (await keyvigil.popup()).account('Plant model').shows('Live');
    await expect.poll(read).toBe(left);
    owner.kill();
  });
}
