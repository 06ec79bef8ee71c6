/** With a display, the user tries Keyvigil. The terminal says what to try, and controls the servers. */
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import type { ElectronApplication, Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { Problem } from '../../build/runtime/report.ts';
import { until } from '../../build/session-bus.ts';
import type { AccountForm } from '../../main/bridge/contract.ts';
import { CLIENT_ID, TENANT_ID, type Entra } from '../simulators/entra.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import {
  formOf,
  inSentence,
  MICROSOFT,
  MICROSOFT_USER,
  NEXUS_ACCOUNTS,
  REPORTS,
  USER,
  type DemoAccount,
} from './accounts.ts';
import { launch } from './app.ts';
import { addressOf, type Servers } from './servers.ts';

const NEW_PASSWORD = `${USER.password}-new`;

const toTry = (ribCxAddress: string, profile: string) => `
Keyvigil is in your tray, with three accounts on a simulated NEXUS IC and two on a simulated RIB CX. Try this:

  Click the tray icon       the popup opens; another click, or Escape, closes it
  Copy                      puts a session key on the clipboard, for 45 seconds
  ⋯                         Details, Copy as …, Verify now, Open API explorer, …
  Right-click the icon      copies without the popup; Quit ends the demo

Use an account in scripts: turn that on in its details, section Scripts, and type in another terminal, in this folder:

  export KEYVIGIL_PROFILE=${profile}
  npx keyvigil list
  npx keyvigil key "${REPORTS.name}"

Sign in at the simulated Microsoft yourself: +, System RIB CX, Sign in with Microsoft account, and any style of sign-in.

  Server address            ${ribCxAddress}
  Client ID                 ${CLIENT_ID}
  Tenant                    ${TENANT_ID}
  I trust …                 ticked: the simulated server is not one of RIB’s
  and on Microsoft’s page   ${MICROSOFT_USER.email}
                            ${MICROSOFT_USER.password}
`;

const TO_TYPE = `
Control the servers: type a letter and press Enter. Then choose ⋯, Verify now, and see what Keyvigil does.

  f   forget all sessions                   → a new session, without typing
  d   stop                u  start again    → Offline, with the key kept; Live again
  p   change the password at NEXUS IC       → after f as well: Sign-in needed
  r   end the sign-ins at Microsoft         → the same, for the Microsoft account
  o   open the popup, if your desktop shows no tray icons
  q   quit
`;

/** Resolves when the user has quit Keyvigil. */
export async function handOver(electron: ElectronRuntime, servers: Servers): Promise<void> {
  const { app, profile } = await launch(electron, servers.entra, process.env);
  const keyvigil = app.process();
  const ended = new Promise<void>((resolve) => app.once('close', () => resolve()));
  try {
    // The popup opens by itself, because there are no accounts yet.
    await addAccounts(await app.firstWindow(), servers);
    console.log(toTry(servers.ribCx.origin, profile));
    if (process.stdin.isTTY) obeyTerminal(app, servers, ended);
    await ended;
  } finally {
    await app.close();
  }
  if (keyvigil.exitCode) throw new Problem(`Keyvigil ended with status ${keyvigil.exitCode}.`);
}

async function addAccounts(page: Page, servers: Servers): Promise<void> {
  const { canRemember } = await snapshotOf(page);
  const form = (account: DemoAccount) => formOf(account, addressOf(account, servers), canRemember);
  for (const account of [...NEXUS_ACCOUNTS, REPORTS]) {
    await add(page, form(account));
    console.log(`✓ Signed in to “${account.name}” by ${inSentence(account.method)}`);
  }
  // Sign in by a code: a code needs neither a window nor a person at this computer.
  const byCode = form(MICROSOFT);
  const added = add(page, { ...byCode, values: { ...byCode.values, style: 'device-code' } });
  const [code] = await Promise.all([approveCode(page, servers.entra), added]);
  console.log(`✓ Signed in to “${MICROSOFT.name}” by Microsoft account, by the code ${code}`);
}

async function add(page: Page, form: AccountForm): Promise<void> {
  const question = { id: randomUUID(), form };
  const added = await page.evaluate((it) => window.keyvigil.request('addAccount', it), question);
  if (!added.ok) throw new Problem(`“${form.name}” was not added: ${added.error.message}`);
}

/** Types the code and signs in, as a person does on another device. */
async function approveCode(page: Page, entra: Entra): Promise<string> {
  let code = '';
  await until('the code of Microsoft’s sign-in', async () => {
    const { prompts } = await snapshotOf(page);
    for (const prompt of prompts) if (prompt.kind === 'device-code') code = prompt.code;
    return code !== '';
  });
  entra.approveDevice(code, MICROSOFT_USER.email);
  return code;
}

function obeyTerminal(app: ElectronApplication, servers: Servers, ended: Promise<void>): void {
  console.log(TO_TYPE);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    obey(line.trim().toLowerCase(), app, servers).then(
      (done) => console.log(done),
      // The app has just ended, so the command has no result.
      () => undefined,
    );
  });
  void ended.then(() => lines.close());
}

/**
 * Runs the command that the user chose by typing a letter.
 * @returns what the command did, for the user to read
 */
async function obey(
  letter: string,
  app: ElectronApplication,
  { nexus, ribCx, entra }: Servers,
): Promise<string> {
  switch (letter) {
    case 'f':
      nexus.forgetSessions();
      ribCx.forgetSessions();
      return 'NEXUS IC and RIB CX forgot all sessions.';
    case 'd':
      await Promise.all([nexus.stop(), ribCx.stop()]);
      return 'NEXUS IC and RIB CX are down.';
    case 'u':
      await Promise.all([nexus.restart(), ribCx.restart()]);
      return 'NEXUS IC and RIB CX are up.';
    case 'p':
      nexus.changePassword(USER.username, NEW_PASSWORD);
      return `The password of ${USER.username} is now ${NEW_PASSWORD}`;
    case 'r':
      entra.revokeRefreshTokens(MICROSOFT_USER.email);
      return `Microsoft ended all sign-ins of ${MICROSOFT_USER.email}.`;
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
