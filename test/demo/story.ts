/** The demo without a display: Keyvigil runs on its own desktop, and this story does each step and prints it. */
import type { ElectronApplication, Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { Problem } from '../../build/runtime/report.ts';
import { until } from '../../build/session-bus.ts';
import { isPopupOpen, Popup, type AccountRow } from '../e2e/popup.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';
import { click, findIcon, LIVE_GREEN } from '../support/panel.ts';
import { runProgram, SCRIPT, type Ran } from '../support/run-program.ts';
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

const [FIRST] = NEXUS_ACCOUNTS;
/** For these accounts, the user signs in by typing only. */
const TYPED = [...NEXUS_ACCOUNTS, REPORTS];

/** The app may reach nothing but this machine. Above all it must not reach RIB's own server, to which the Return URL leads. */
const THIS_MACHINE_ONLY = '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1';

export async function tellStory(electron: ElectronRuntime, servers: Servers): Promise<void> {
  console.log('There is no display: Keyvigil shows itself on its own.');
  const desktop = await startDesktop({ panel: true });
  try {
    const { app, profile } = await launch(
      electron,
      servers.entra,
      desktop.env,
      '--password-store=gnome-libsecret',
      THIS_MACHINE_ONLY,
    );
    try {
      const page = await app.firstWindow();
      await new Story(app, page, desktop, servers, profile).tell();
    } finally {
      await app.close();
    }
  } finally {
    await desktop.stop();
  }
}

class Story {
  readonly #app: ElectronApplication;
  readonly #popup: Popup;
  readonly #desktop: DesktopSession;
  readonly #servers: Servers;
  readonly #camera: Camera;
  readonly #profile: string;

  constructor(
    app: ElectronApplication,
    page: Page,
    desktop: DesktopSession,
    servers: Servers,
    profile: string,
  ) {
    this.#app = app;
    this.#profile = profile;
    this.#popup = new Popup(page);
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
    await step('compare the keys', () => this.#compare(before, after));
    const address = await step('turn scripts on', () => this.#turnScriptsOn());
    await step('use the command', () => this.#useCommand());
    await step('use the local address', () => this.#useLocalAddress(address));
    await step('put the pictures side by side', () => this.#camera.sideBySide(pictures));
    console.log('All of this happened. The pictures, light and dark, are in demo/.');
  }

  async #start(): Promise<void> {
    await this.#popup.button('Add account').waitFor();
    await this.#camera.popup('welcome');
    happened('Keyvigil runs on a fresh profile');
    const { nexus, ribCx, entra } = this.#servers;
    happened(`Simulated: NEXUS IC ${nexus.version} at ${nexus.origin}, RIB CX at ${ribCx.origin},`);
    console.log(`  and Microsoft’s sign-in at ${entra.origin}`);
  }

  async #signIn(account: DemoAccount): Promise<void> {
    await this.#popup.fillIn({ ...account, address: addressOf(account, this.#servers) });
    if (account === FIRST) await this.#camera.popup('add-account');
    await this.#popup.button('Sign in').click();
    await this.#live(account);
    happened(`Signed in by ${inSentence(account.method)}: “${account.name}” is Live`);
  }

  /** Asks for a code, and cancels. The form of the Microsoft account stays filled in. */
  async #askForCode(): Promise<void> {
    await this.#popup.fillIn({ ...MICROSOFT, address: addressOf(MICROSOFT, this.#servers) });
    await this.#chooseStyle('Sign-in window');
    // Scroll to this field, because all fields for Microsoft are then in sight.
    await this.#popup.field('Account name').scrollIntoViewIfNeeded();
    await this.#camera.popup('microsoft-account');
    await this.#chooseStyle('Device code');
    await this.#popup.button('Sign in').click();
    const code = await this.#popup.field('Sign-in code').textContent();
    await this.#camera.popup('device-code');
    await this.#popup.button('Cancel').click();
    await this.#popup.button('Sign in').waitFor();
    happened(`Microsoft gave the code ${code}, to be typed on any device; cancelled`);
  }

  async #signInByWindow(): Promise<void> {
    await this.#chooseStyle('Sign-in window');
    const [window] = await Promise.all([
      this.#app.waitForEvent('window'),
      this.#popup.button('Sign in').click(),
    ]);
    await window.getByLabel('Email').fill(MICROSOFT_USER.email);
    await window.getByLabel('Password').fill(MICROSOFT_USER.password);
    const { host } = new URL(this.#servers.entra.origin);
    await until('the window to have the focus, and the address in its title', () =>
      this.#isInFocusedTitle(host),
    );
    await this.#camera.window('sign-in-window');
    happened('A window with the address in its title opened: email and password were typed there');
    const closed = window.waitForEvent('close');
    await window.getByRole('button', { name: 'Sign in' }).click();
    await closed;
    await this.#live(MICROSOFT);
    happened(
      `Signed in by ${MICROSOFT.method}: the window is closed, and “${MICROSOFT.name}” is Live`,
    );
  }

  async #openByTrayIcon(): Promise<void> {
    await this.#popup.page.keyboard.press('Escape');
    await until('the popup to close', async () => !(await isPopupOpen(this.#app)));
    await click(this.#desktop, await findIcon(this.#desktop, LIVE_GREEN));
    await until('the popup to open', () => isPopupOpen(this.#app));
    await this.#camera.popup('accounts');
    await this.#camera.screen('desktop');
    happened('Clicked the icon in the panel’s tray: the popup is open');
  }

  /** @returns the key that another program reads from the clipboard */
  async #copy(): Promise<string> {
    await this.#row(FIRST).copyKey();
    await this.#says(`Copied “${FIRST.name}”`);
    const key = await this.#clipboard();
    if (!this.#servers.nexus.sessions.has(key))
      throw new Error('The clipboard holds no key of the server.');
    happened(`Copied: the clipboard holds ${short(key)}, the hash that the server issued`);
    return key;
  }

  async #lookAround(): Promise<void> {
    const { page } = this.#popup;
    await this.#row(FIRST).button('More').click();
    await page.getByRole('menuitem', { name: 'Details' }).waitFor();
    await this.#camera.popup('menu');
    await page.getByRole('menuitem', { name: 'Details' }).click();
    await page.getByText(USER.name).waitFor();
    await this.#camera.popup('details');
    await this.#goBack();
    happened(`The details show the user’s name on the server: ${USER.name}`);
  }

  async #showProjects(): Promise<void> {
    const { page } = this.#popup;
    const [tunnel, last] = [PROJECTS[0]!.Name, PROJECTS.at(-1)!.Name];
    await this.#row(MICROSOFT).choose('Details');
    await this.#popup.button('Verify now').click();
    await page.getByText(last).waitFor();
    await this.#camera.popup('projects');
    await page.getByRole('searchbox').fill('tunnel');
    await page.getByText(last).waitFor({ state: 'detached' });
    await page.getByText(tunnel).waitFor();
    await this.#camera.popup('projects-found');
    await this.#goBack();
    happened(`The details list the ${PROJECTS.length} projects of RIB CX, and search them`);
  }

  async #breakSessions(key: string): Promise<void> {
    const { nexus, ribCx } = this.#servers;
    nexus.forgetSessions();
    ribCx.forgetSessions();
    await this.#expectStatus(key, 401);
    happened(`Both servers forgot all sessions: ${short(key)} is answered with 401`);
  }

  async #renewSessions(): Promise<void> {
    const { nexus } = this.#servers;
    await this.#verify(FIRST);
    await until('new sessions of all accounts', () =>
      Promise.resolve(nexus.sessions.size === NEXUS_ACCOUNTS.length),
    );
    for (const account of NEXUS_ACCOUNTS) await this.#live(account);
    happened(`Renewed: “${FIRST.name}” found out for all, and all of NEXUS IC are Live again`);
  }

  /** One account notices that RIB CX has forgotten all sessions. The other account is renewed by its refresh token. */
  async #renewByRefreshToken(): Promise<void> {
    const { entra, ribCx } = this.#servers;
    const pages = entra.journal.count('authorize');
    const tokens = entra.tokensIssued;
    let opened = 0;
    this.#app.on('window', () => (opened += 1));
    await this.#verify(REPORTS);
    await until('new sessions of RIB CX', () => Promise.resolve(ribCx.sessions.size === 2));
    for (const account of [REPORTS, MICROSOFT]) await this.#live(account);
    if (entra.tokensIssued !== tokens + 1) throw new Error('Microsoft issued no new token.');
    if (opened > 0 || entra.journal.count('authorize') > pages) throw new Error('A page opened.');
    happened(
      `Renewed: “${MICROSOFT.name}” is Live again by its refresh token, and no window opened`,
    );
  }

  /** Makes the app notice that the server has forgotten the session, and waits until the app has signed in again. */
  async #verify(account: DemoAccount): Promise<void> {
    await this.#row(account).choose('Verify now');
    await this.#says(`“${account.name}” was signed in again`);
  }

  async #showActivity(): Promise<void> {
    await this.#row(FIRST).choose('Details');
    await this.#popup.page.getByText('Signed in again by Keyvigil').scrollIntoViewIfNeeded();
    await this.#popup.button('Copy report').click();
    await this.#says('Report copied.');
    const report = await this.#clipboard();
    if (!report.startsWith('Keyvigil report')) throw new Error('The clipboard holds no report.');
    await this.#camera.popup('activity');
    await this.#goBack();
    happened('The details show what happened, and copy it as a report for a support mail');
  }

  async #compare(before: string, after: string): Promise<void> {
    if (after === before) throw new Error('The key did not change.');
    await this.#expectStatus(after, 200);
    happened('The key differs from the first, and the server answers it with 200');
  }

  /** Sends a request with this key to the server, as a script would. */
  async #expectStatus(key: string, expected: number): Promise<void> {
    const { status } = await fetch(`${this.#servers.nexus.baseUrl}/version?hash=${key}`);
    if (status !== expected) throw new Error(`The server answers ${status}, not ${expected}.`);
  }

  /** @returns the local address */
  async #turnScriptsOn(): Promise<string> {
    const { page } = this.#popup;
    const refused = await this.#command('key', FIRST.name);
    if (refused.status !== 6) throw new Error('A script got a key without leave.');
    await this.#row(FIRST).choose('Details');
    for (const name of ['Scripts may use this account', 'Local address']) {
      await page.getByRole('checkbox', { name, exact: true }).check();
    }
    await this.#popup.button('Copy address').click();
    await until('the local address on the clipboard', async () =>
      (await this.#clipboard()).startsWith('http://127.0.0.1:'),
    );
    const address = await this.#clipboard();
    await page.getByRole('heading', { name: 'Scripts' }).scrollIntoViewIfNeeded();
    await this.#camera.popup('scripts');
    await this.#goBack();
    happened(`A script got no key of “${FIRST.name}” until its details turned that on`);
    return address;
  }

  async #useCommand(): Promise<void> {
    const { nexus } = this.#servers;
    const words = ['key', FIRST.name];
    const { stdout, status } = await this.#command(...words);
    if (status !== 0 || !nexus.sessions.has(stdout.trim())) throw new Error('It printed no key.');
    happened(`keyvigil key "${FIRST.name}" printed ${short(stdout.trim())}, which NEXUS IC knows`);
  }

  /** Reads rows twice by the local address. NEXUS IC forgets all sessions after each request. */
  async #useLocalAddress(address: string): Promise<void> {
    const { nexus } = this.#servers;
    const before = nexus.loginRequests;
    for (let time = 1; time <= 2; time++) {
      const stdin = `url = "${address}/bo/Workpack/?pageSize=3"`;
      const { stdout } = await runProgram(['curl', '-sS', '--config', '-'], { stdin });
      const { rows } = JSON.parse(stdout) as { rows: unknown[] };
      if (rows.length !== 3) throw new Error(`It answered ${stdout}`);
      nexus.forgetSessions();
    }
    if (nexus.loginRequests === before) throw new Error('The session was not renewed.');
    happened(
      'curl read three rows by the local address, without a key, twice: NEXUS IC had forgotten',
    );
    console.log('  the session in between, and curl did not notice');
  }

  #command(...words: string[]): Promise<Ran> {
    const env = { ...this.#desktop.env, KEYVIGIL_PROFILE: this.#profile };
    return runProgram([SCRIPT, ...words], { env });
  }

  async #chooseStyle(style: string): Promise<void> {
    await this.#popup.field('Sign-in style').selectOption(style);
  }

  #isInFocusedTitle(text: string): Promise<boolean> {
    return this.#app.evaluate(
      ({ BrowserWindow }, text) =>
        BrowserWindow.getFocusedWindow()?.getTitle().includes(text) ?? false,
      text,
    );
  }

  async #goBack(): Promise<void> {
    await this.#popup.button('Back').click();
    await this.#row(FIRST).item.waitFor();
  }

  #row({ name }: DemoAccount): AccountRow {
    return this.#popup.account(name);
  }

  async #live(account: DemoAccount): Promise<void> {
    await this.#row(account).item.filter({ hasText: 'Live' }).waitFor();
  }

  async #says(text: string): Promise<void> {
    await this.#popup.status.filter({ hasText: text }).waitFor();
  }

  #clipboard(): Promise<string> {
    return this.#desktop.run('xclip', '-selection', 'clipboard', '-o');
  }
}

/** Shortens a key. People can still tell keys apart, but nobody can use a key that they see. */
const short = (key: string) => `${key.slice(0, 4)}…${key.slice(-4)}`;

const happened = (what: string) => console.log(`✓ ${what}`);

/**
 * Runs a step.
 * @throws Problem with the step's name, if the step fails
 */
async function step<T>(what: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Problem(`✗ Could not ${what}: ${reason}`);
  }
}
