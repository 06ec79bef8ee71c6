/** Tests what the screen reader Orca reads: the AT-SPI tree and its events, seen from another process. */
import { ScreenReader, textIn, withDescendants } from '../support/screen-reader.ts';
import { expect, launchSignedIn, test as base } from './fixtures.ts';
import { nexusAccount, USER } from './servers.ts';

const test = base.extend<{ reader: ScreenReader }>({
  reader: async ({ desktop }, use) => {
    const reader = await ScreenReader.start(desktop.env);
    await use(reader);
    await reader.stop();
  },
});

/** @returns what a screen reader reads of an account's row: its text, and its buttons with their descriptions */
async function readRow(reader: ScreenReader, name: string) {
  const nodes = await reader.nodes();
  const row = nodes.find((node) => node.role === 'list item' && node.name === name);
  if (!row) return undefined;
  const inside = withDescendants(row);
  const buttons = inside
    .filter(({ role }) => role.endsWith('button'))
    .map(({ name, description }) => [name, description].filter(Boolean).join(': '));
  return { text: textIn(row), buttons };
}

async function readStatus(reader: ScreenReader): Promise<string | undefined> {
  const status = (await reader.nodes()).find(({ role }) => role === 'status bar');
  return status && textIn(status);
}

test('a screen reader reads name, state and buttons of an account, and is told the result of a copy', async ({
  reader,
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup } = await launchSignedIn(keyvigil, form);
  const row = () => readRow(reader, form.name);
  await expect.poll(row).toMatchObject({
    text: expect.stringContaining('Live'),
    buttons: ['Copy session key', 'More'],
  });

  expect(await reader.press(form.name, 'Copy session key')).toBe(true);
  const result = `Copied “${form.name}”. Clears in 45 s.`;
  await expect
    .poll(() => reader.announcements)
    .toContainEqual({ announced: result, live: 'polite' });
  await expect.poll(() => readStatus(reader)).toBe(result);

  nexus.changePassword(USER.username, 'another');
  nexus.forgetSessions();
  await popup.verifyAll();
  await expect.poll(row).toMatchObject({
    text: expect.stringContaining('Sign-in needed'),
    buttons: [expect.stringMatching(/^Sign in: ./), 'More'],
  });
});
