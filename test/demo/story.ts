/** Without a display: Keyvigil shows itself on a desktop of its own, each step told as it happens. */
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { Problem } from '../../build/runtime/report.ts';
import { until } from '../../build/session-bus.ts';
import { choose, fillIn, item } from '../e2e/fixtures.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';
import {
  inSentence,
  MICROSOFT,
  MICROSOFT_USER,
  NEXUS_ACCOUNTS,
  REPORTS,
  USER,
  type DemoAccount,
} from './accounts.ts';
import { launch } from './app.ts';
import { Camera } from './camera.ts';
import { PROJECTS } from './projects.ts';
import { addressOf, type Servers } from './servers.ts';
import { clickTrayIcon, isPopupOpen } from './tray-icon.ts';

const [FIRST] = NEXUS_ACCOUNTS;
/** All that are signed in to by typing alone. */
const TYPED = [...NEXUS_ACCOUNTS, REPORTS];

/** RIB's own server, to which the registered Return URL leads, is never to be reached, nor is anything else. */
const THIS_MACHINE_ALONE = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';

export async function tellStory(electron: ElectronRuntime, servers: Servers): Promise<void> {
  console.log('No display is here: Keyvigil shows itself, on one of its own.');
  const desktop = await startDesktop({ panel: true });
  try {
    const app = await launch(
      electron,
      servers.entra,
      desktop.env,
      '--password-store=gnome-libsecret',
      THIS_MACHINE_ALONE,
    );
    try {
      await new Story(app, await app.firstWindow(), desktop, servers).tell();
    } finally {
      await app.close();
    }
  } finally {
    await desktop.stop();
  }
}

class Story {
  readonly #app: ElectronApplication;
  readonly #page: Page;
  readonly #desktop: DesktopSession;
  readonly #servers: Servers;
  readonly #camera: Camera;

  constructor(app: ElectronApplication, page: Page, desktop: DesktopSession, servers: Servers) {
    this.#app = app;
    this.#page = page;
    this.#desktop = desktop;
    this.#servers = servers;
    this.#camera = new Camera(app, page, desktop);
  }

  async tell(): Promise<void> {
    await step('start on a fresh profile', () => this.#start());
    for (const account of TYPED) {
      await step(`sign in by ${inSentence(account.method)}`, () => this.#signIn(account));
    }
    await step('ask for a device code', () => this.#askForCode());
    await step('sign in by Microsoft account', () => this.#signInByWindow());
    await step('open the popup by its tray icon', () => this.#openByTrayIcon());
    const before = await step('copy a key', () => this.#copy());
    const pictures = await this.#camera.popup('copied');
    await step('show menu and details', () => this.#lookAround());
    await step('show the projects', () => this.#showProjects());
    await step('break the sessions', () => this.#breakSessions(before));
    await step('renew the sessions', () => this.#renewSessions());
    await step('renew by refresh token', () => this.#renewByRefreshToken());
    await this.#camera.popup('renewed');
    await step('show what happened', () => this.#showActivity());
    const after = await step('copy the new key', () => this.#copy());
    await step('tell the keys apart', () => this.#compare(before, after));
    await step('put the pictures side by side', () => this.#camera.sideBySide(pictures));
    console.log('All of that happened. The pictures, light and dark, are in demo/.');
  }

  async #start(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add account' }).waitFor();
    await this.#camera.popup('welcome');
    happened('Keyvigil runs on a fresh profile');
    const { nexus, ribCx, entra } = this.#servers;
    happened(`Simulated: NEXUS IC ${nexus.version} at ${nexus.origin}, RIB CX at ${ribCx.origin},`);
    console.log(`  and the sign-in of Microsoft at ${entra.origin}`);
  }

  async #signIn(account: DemoAccount): Promise<void> {
    await fillIn(this.#page, { ...account, address: addressOf(account, this.#servers) });
    if (account === FIRST) await this.#camera.popup('add-account');
    await this.#page.getByRole('button', { name: 'Sign in' }).click();
    await live(this.#row(account)).waitFor();
    happened(`Signed in by ${inSentence(account.method)}: “${account.name}” is Live`);
  }

  /** The form for a Microsoft account is filled in, and stays so. */
  async #askForCode(): Promise<void> {
    await fillIn(this.#page, { ...MICROSOFT, address: addressOf(MICROSOFT, this.#servers) });
    await this.#chooseStyle('Sign-in window');
    // All that is asked for Microsoft's sake is in sight with it.
    await this.#page.getByLabel('Account name').scrollIntoViewIfNeeded();
    await this.#camera.popup('microsoft-account');
    await this.#chooseStyle('Device code');
    await this.#page.getByRole('button', { name: 'Sign in' }).click();
    const code = await this.#page.getByLabel('Sign-in code').textContent();
    await this.#camera.popup('device-code');
    await this.#page.getByRole('button', { name: 'Cancel' }).click();
    await this.#page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    happened(`Microsoft gave the code ${code}, to be typed on any device; cancelled`);
  }

  async #signInByWindow(): Promise<void> {
    await this.#chooseStyle('Sign-in window');
    const opening = this.#app.waitForEvent('window');
    await this.#page.getByRole('button', { name: 'Sign in' }).click();
    const window = await opening;
    await window.getByLabel('Email').fill(MICROSOFT_USER.email);
    await window.getByLabel('Password').fill(MICROSOFT_USER.password);
    const { host } = new URL(this.#servers.entra.origin);
    await until('the window to have the focus, and the address in its title', () =>
      this.#isInTitleOfFocused(host),
    );
    await this.#camera.window('sign-in-window');
    happened(
      'A window opened, and its title shows the address: email and password were typed there',
    );
    const closed = window.waitForEvent('close');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await closed;
    await live(this.#row(MICROSOFT)).waitFor();
    happened(
      `Signed in by ${MICROSOFT.method}: the window is gone, and “${MICROSOFT.name}” is Live`,
    );
  }

  async #openByTrayIcon(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await until('the popup to close', async () => !(await isPopupOpen(this.#app)));
    await clickTrayIcon(this.#app, this.#desktop);
    await this.#camera.popup('accounts');
    await this.#camera.screen('desktop');
    happened('Clicked the icon in the panel’s tray: the popup is open');
  }

  /** Gives the key that is then on the clipboard, as another program reads it there. */
  async #copy(): Promise<string> {
    await this.#row(FIRST).getByRole('button', { name: 'Copy session key' }).click();
    await this.#says(`Copied “${FIRST.name}”`);
    const key = await this.#desktop.run('xclip', '-selection', 'clipboard', '-o');
    if (!this.#servers.nexus.sessions.has(key))
      throw new Error('The clipboard holds no key of the server.');
    happened(`Copied: the clipboard holds ${short(key)}, the very hash that the server issued`);
    return key;
  }

  async #lookAround(): Promise<void> {
    const row = this.#row(FIRST);
    await row.getByRole('button', { name: 'More' }).click();
    await this.#page.getByRole('menuitem', { name: 'Details' }).waitFor();
    await this.#camera.popup('menu');
    await this.#page.getByRole('menuitem', { name: 'Details' }).click();
    await this.#page.getByText(USER.name).waitFor();
    await this.#camera.popup('details');
    await this.#page.getByRole('button', { name: 'Back' }).click();
    await row.waitFor();
    happened(`The details say who the server takes us for: ${USER.name}`);
  }

  async #showProjects(): Promise<void> {
    const [tunnel, last] = [PROJECTS[0]!.Name, PROJECTS.at(-1)!.Name];
    await choose(this.#row(MICROSOFT), 'Details');
    await this.#page.getByRole('button', { name: 'Verify now' }).click();
    await this.#page.getByText(last).waitFor();
    await this.#camera.popup('projects');
    await this.#page.getByRole('searchbox').fill('tunnel');
    await this.#page.getByText(last).waitFor({ state: 'detached' });
    await this.#page.getByText(tunnel).waitFor();
    await this.#camera.popup('projects-found');
    await this.#page.getByRole('button', { name: 'Back' }).click();
    await this.#row(MICROSOFT).waitFor();
    happened(
      `The details list the ${PROJECTS.length} projects of RIB CX, and find those that are sought`,
    );
  }

  async #breakSessions(key: string): Promise<void> {
    const { nexus, ribCx } = this.#servers;
    nexus.forgetSessions();
    ribCx.forgetSessions();
    await this.#answers(key, 401);
    happened(`Both servers have forgotten all sessions: ${short(key)} is answered with 401`);
  }

  async #renewSessions(): Promise<void> {
    for (const account of TYPED) {
      await this.#renew(account);
      happened(`Renewed: “${account.name}” is Live again, and nothing had to be typed`);
    }
  }

  async #renewByRefreshToken(): Promise<void> {
    const { entra } = this.#servers;
    const pages = entra.journal.count('authorize');
    const tokens = entra.tokensIssued;
    let opened = 0;
    this.#app.on('window', () => (opened += 1));
    await this.#renew(MICROSOFT);
    if (entra.tokensIssued !== tokens + 1) throw new Error('Microsoft issued no new token.');
    if (opened > 0 || entra.journal.count('authorize') > pages) throw new Error('A page opened.');
    happened(
      `Renewed: “${MICROSOFT.name}” is Live again by its refresh token, and no window opened`,
    );
  }

  async #renew(account: DemoAccount): Promise<void> {
    await choose(this.#row(account), 'Verify now');
    await this.#says(`“${account.name}” was signed in anew`);
    await live(this.#row(account)).waitFor();
  }

  async #showActivity(): Promise<void> {
    await choose(this.#row(FIRST), 'Details');
    const anew = this.#page.getByText('Signed in anew by Keyvigil');
    await anew.scrollIntoViewIfNeeded();
    await this.#page.getByRole('button', { name: 'Copy report' }).click();
    await this.#says('Report copied.');
    const report = await this.#desktop.run('xclip', '-selection', 'clipboard', '-o');
    if (!report.startsWith('Keyvigil report')) throw new Error('The clipboard holds no report.');
    await this.#camera.popup('activity');
    await this.#page.getByRole('button', { name: 'Back' }).click();
    await this.#row(FIRST).waitFor();
    happened('The details show what happened to it, and copy that as a report for a support mail');
  }

  async #compare(before: string, after: string): Promise<void> {
    if (after === before) throw new Error('The key is the old one.');
    await this.#answers(after, 200);
    happened(`The key is another one than before, and the server answers it with 200`);
  }

  /** Asks the server itself, as a script with this key would. */
  async #answers(key: string, expected: number): Promise<void> {
    const { status } = await fetch(`${this.#servers.nexus.baseUrl}/version?hash=${key}`);
    if (status !== expected) throw new Error(`The server answers ${status}, not ${expected}.`);
  }

  async #chooseStyle(style: string): Promise<void> {
    await this.#page.getByLabel('Sign-in style').selectOption(style);
  }

  #isInTitleOfFocused(text: string): Promise<boolean> {
    return this.#app.evaluate(
      ({ BrowserWindow }, text) =>
        BrowserWindow.getFocusedWindow()?.getTitle().includes(text) ?? false,
      text,
    );
  }

  #row({ name }: DemoAccount): Locator {
    return item(this.#page, name);
  }

  async #says(text: string): Promise<void> {
    await this.#page.getByRole('status').filter({ hasText: text }).waitFor();
  }
}

const live = (row: Locator) => row.filter({ hasText: 'Live' });

/** Enough to tell keys apart, and of no use to anyone who looks on. */
const short = (key: string) => `${key.slice(0, 4)}…${key.slice(-4)}`;

const happened = (what: string) => console.log(`✓ ${what}`);

/** Does one step of the story; where it fails, the demo ends with a message that names it. */
async function step<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(`✗ Could not ${what}: ${reason}`);
  }
}
