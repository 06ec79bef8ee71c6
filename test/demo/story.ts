/** Without a display: Keyvigil shows itself on a desktop of its own, each step told as it happens. */
import type { ElectronApplication, Locator, Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { Problem } from '../../build/runtime/report.ts';
import { until } from '../../build/session-bus.ts';
import { choose, fillIn, item } from '../e2e/fixtures.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';
import { ACCOUNTS, inSentence, USER, type DemoAccount } from './accounts.ts';
import { launch } from './app.ts';
import { Camera } from './camera.ts';
import { clickTrayIcon, isPopupOpen } from './tray-icon.ts';

const [FIRST] = ACCOUNTS;

export async function tellStory(electron: ElectronRuntime, nexus: NexusIc): Promise<void> {
  console.log('No display is here: Keyvigil shows itself, on one of its own.');
  const desktop = await startDesktop({ panel: true });
  try {
    const app = await launch(electron, desktop.env, '--password-store=gnome-libsecret');
    try {
      await new Story(app, await app.firstWindow(), desktop, nexus).tell();
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
  readonly #nexus: NexusIc;
  readonly #camera: Camera;

  constructor(app: ElectronApplication, page: Page, desktop: DesktopSession, nexus: NexusIc) {
    this.#app = app;
    this.#page = page;
    this.#desktop = desktop;
    this.#nexus = nexus;
    this.#camera = new Camera(app, page, desktop);
  }

  async tell(): Promise<void> {
    await step('start on a fresh profile', () => this.#start());
    for (const account of ACCOUNTS) {
      await step(`sign in by ${inSentence(account.method)}`, () => this.#signIn(account));
    }
    await step('open the popup by its tray icon', () => this.#openByTrayIcon());
    const before = await step('copy a key', () => this.#copy());
    const pictures = await this.#camera.popup('copied');
    await step('show menu and details', () => this.#lookAround());
    await step('break the sessions', () => this.#breakSessions(before));
    await step('renew the sessions', () => this.#renewSessions());
    const after = await step('copy the new key', () => this.#copy());
    await step('tell the keys apart', () => this.#compare(before, after));
    await step('put the pictures side by side', () => this.#camera.sideBySide(pictures));
    console.log('All of that happened. The pictures, light and dark, are in demo/.');
  }

  async #start(): Promise<void> {
    await this.#page.getByRole('button', { name: 'Add account' }).waitFor();
    await this.#camera.popup('welcome');
    const { version, origin } = this.#nexus;
    happened(`Keyvigil runs on a fresh profile; NEXUS IC ${version} is simulated at ${origin}`);
  }

  async #signIn(account: DemoAccount): Promise<void> {
    await fillIn(this.#page, { ...account, address: this.#nexus.origin });
    if (account === FIRST) await this.#camera.popup('add-account');
    await this.#page.getByRole('button', { name: 'Sign in' }).click();
    await live(this.#row(account)).waitFor();
    happened(`Signed in by ${inSentence(account.method)}: “${account.name}” is Live`);
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
    if (!this.#nexus.sessions.has(key))
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

  async #breakSessions(key: string): Promise<void> {
    this.#nexus.forgetSessions();
    await this.#answers(key, 401);
    happened(`The server has forgotten all sessions: it answers ${short(key)} with 401`);
  }

  async #renewSessions(): Promise<void> {
    for (const account of ACCOUNTS) {
      await choose(this.#row(account), 'Verify now');
      await this.#says(`“${account.name}” was signed in anew`);
      await live(this.#row(account)).waitFor();
      happened(`Renewed: “${account.name}” is Live again, and nothing had to be typed`);
    }
    await this.#camera.popup('renewed');
  }

  async #compare(before: string, after: string): Promise<void> {
    if (after === before) throw new Error('The key is the old one.');
    await this.#answers(after, 200);
    happened(`The key is another one than before, and the server answers it with 200`);
  }

  /** Asks the server itself, as a script with this key would. */
  async #answers(key: string, expected: number): Promise<void> {
    const { status } = await fetch(`${this.#nexus.baseUrl}/version?hash=${key}`);
    if (status !== expected) throw new Error(`The server answers ${status}, not ${expected}.`);
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
