/** With a display: Keyvigil is there to be clicked, and the terminal says what to try and plays the server's part. */
import { createInterface } from 'node:readline';
import type { ElectronApplication, Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { Problem } from '../../build/runtime/report.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { ACCOUNTS, formOf, inSentence, USER } from './accounts.ts';
import { launch } from './app.ts';

const NEW_PASSWORD = `${USER.password}-new`;

const TO_TRY = `
Keyvigil is in your tray, with three accounts on a simulated NEXUS IC. Try this:

  Click the tray icon       the popup opens; another click, or Escape, closes it
  Copy                      puts a session key on the clipboard, for 45 seconds
  ⋯                         Details, Copy as …, Verify now, Open API explorer, …
  Right-click the icon      copies without the popup; Quit ends the demo
`;

const TO_TYPE = `
Play the server: type a letter and press Enter. After each, choose ⋯, Verify now, and see what Keyvigil makes of it.

  f   forgets all sessions                  → a new one is there, and nothing had to be typed
  d   goes down           u  is up again    → Offline, and the key is kept; Live again
  p   changes the password                  → nothing, until you have typed f as well: then Sign-in needed
  o   opens the popup, where your desktop shows no tray icons
  q   quits
`;

/** Returns when the person has quit Keyvigil. */
export async function handOver(electron: ElectronRuntime, nexus: NexusIc): Promise<void> {
  const app = await launch(electron, process.env);
  const keyvigil = app.process();
  const ended = new Promise<void>((resolve) => app.once('close', () => resolve()));
  try {
    // On a profile without accounts, the popup opens by itself.
    await addAccounts(await app.firstWindow(), nexus.origin);
    console.log(TO_TRY);
    if (process.stdin.isTTY) obeyTerminal(app, nexus, ended);
    await ended;
  } finally {
    await app.close();
  }
  if (keyvigil.exitCode) throw new Problem(`Keyvigil ended with status ${keyvigil.exitCode}.`);
}

async function addAccounts(page: Page, address: string): Promise<void> {
  const { canRemember } = await page.evaluate(() => window.keyvigil.request('snapshot', undefined));
  for (const account of ACCOUNTS) {
    const form = formOf(account, address, canRemember);
    const added = await page.evaluate((form) => window.keyvigil.request('addAccount', form), form);
    if (!added.ok) throw new Problem(`“${account.name}” was not added: ${added.problem.message}`);
    console.log(`✓ Signed in to “${account.name}” by ${inSentence(account.method)}`);
  }
}

function obeyTerminal(app: ElectronApplication, nexus: NexusIc, ended: Promise<void>): void {
  console.log(TO_TYPE);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    obey(line.trim().toLowerCase(), app, nexus).then(
      (done) => console.log(done),
      // What was asked of an app that is just ending need not happen any more.
      () => undefined,
    );
  });
  void ended.then(() => lines.close());
}

/** Does what the letter says, and tells it. */
async function obey(letter: string, app: ElectronApplication, nexus: NexusIc): Promise<string> {
  switch (letter) {
    case 'f':
      nexus.forgetSessions();
      return 'The server has forgotten all sessions.';
    case 'd':
      await nexus.stop();
      return 'The server is down.';
    case 'u':
      await nexus.restart();
      return 'The server is up.';
    case 'p':
      nexus.changePassword(USER.username, NEW_PASSWORD);
      return `The password of ${USER.username} is now ${NEW_PASSWORD}`;
    case 'o':
      await app.evaluate(({ app }) => app.emit('activate'));
      return 'The popup is open.';
    case 'q':
      await app.evaluate(({ app }) => app.quit());
      return 'Goodbye.';
    default:
      return TO_TYPE;
  }
}
