import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  _electron,
  test as base,
  type ElectronApplication,
  type Locator,
  type Page,
} from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { CLIENT_ID, startEntra, TENANT_ID, type Entra } from '../simulators/entra.ts';
import { startNexusIc, type NexusIc } from '../simulators/nexus-ic.ts';
import { startRibCx, type RibCx } from '../simulators/rib-cx.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';

const project = join(import.meta.dirname, '../..');

export const USER = {
  username: 'engineer1',
  password: 'MARKED-password-7f3a',
  apiKey: 'MARKED-api-key-7f3a',
  emailToken: 'MARKED-email-token-7f3a',
  name: 'Zoë Engineer',
};

export const ADA = { email: 'ada@example.com', password: 'MARKED-ada-7f3a' };
export const BEN = { email: 'ben@example.com', password: 'MARKED-ben-7f3a' };
export const PROJECTS = Array.from({ length: 37 }, (_, i) => ({ Name: `Tunnel section ${i + 1}` }));
/** The Return URL that is registered; the simulated RIB CX stands there, and counts who comes. */
export const RETURN_URL = 'http://rib-cx.test/cxR/Authentication';

/** Real time, for simulators. */
export const wallClock = { now: () => Date.now() };

export interface LaunchOptions {
  /** A desktop without a keyring. */
  readonly keyring?: boolean;
  /** Host names that lead to other addresses than the world's. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** What stands in for Microsoft's sign-in. */
  readonly entra?: Entra;
}

/** Keyvigil as its user meets it, on a profile of its own. */
export class Keyvigil {
  readonly profile = mkdtempSync(join(tmpdir(), 'keyvigil-profile-'));
  /** All that its processes have printed. */
  output = '';
  readonly #env: NodeJS.ProcessEnv;
  readonly #opened = join(this.profile, 'opened-in-browser');
  #app: ElectronApplication | undefined;
  #alone: ChildProcess | undefined;
  #options: LaunchOptions = {};

  constructor({ env }: DesktopSession) {
    // What Chromium opens a browser with, on Linux: here it only notes the address.
    const programs = join(this.profile, 'bin');
    mkdirSync(programs);
    writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${this.#opened}'\n`, {
      mode: 0o755,
    });
    this.#env = { ...env, PATH: `${programs}:${env['PATH'] ?? ''}` };
  }

  /** The addresses that were opened in the user's browser, in their order. */
  openedInBrowser(): string[] {
    if (!existsSync(this.#opened)) return [];
    const addresses = readFileSync(this.#opened, 'utf8').split('\n');
    return addresses.filter((address) => address !== '');
  }

  get app(): ElectronApplication {
    if (!this.#app) throw new Error('Keyvigil is not running.');
    return this.#app;
  }

  async launch(options: LaunchOptions = {}): Promise<void> {
    this.#options = options;
    const { executable } = electron();
    this.#app = await _electron.launch({
      executablePath: executable,
      args: this.#args(),
      env: {
        ...(this.#env as Record<string, string>),
        ...(options.entra && { KEYVIGIL_ENTRA_ORIGIN: options.entra.origin }),
      },
    });
    const { stdout, stderr } = this.#app.process();
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
  }

  /** The popup, opened as a user can who does not find the icon: by launching Keyvigil once more. */
  async popup(): Promise<Page> {
    const page = this.app.windows()[0] ?? (await this.#openPopup());
    await page.getByRole('heading', { name: 'Keyvigil' }).waitFor();
    return page;
  }

  async #openPopup(): Promise<Page> {
    const opened = this.app.waitForEvent('window');
    const [page] = await Promise.all([opened, this.launchAgain()]);
    return page;
  }

  /** Launches Keyvigil once more, which brings up the popup of the one that runs. */
  async launchAgain(): Promise<void> {
    const { executable } = electron();
    const second = spawn(executable, this.#args(), { env: this.#env, stdio: 'ignore' });
    await new Promise((resolve) => second.on('exit', resolve));
  }

  clipboard(): Promise<string> {
    return this.app.evaluate(({ clipboard }) => clipboard.readText());
  }

  /** Quits as the tray's menu does, and returns how long that took, in milliseconds. */
  async quit(): Promise<number> {
    const { app } = this;
    const exited = new Promise((resolve) => app.process().on('exit', resolve));
    const started = performance.now();
    // The answer may not come any more.
    void app.evaluate(({ app }) => app.quit()).catch(() => undefined);
    await exited;
    this.#app = undefined;
    return performance.now() - started;
  }

  async restart(): Promise<void> {
    await this.quit();
    await this.launch(this.#options);
  }

  /** Everything that Keyvigil has written, by file. */
  files(): Map<string, Buffer> {
    const names = readdirSync(this.profile, { recursive: true, withFileTypes: true });
    return new Map(
      names
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, readFileSync(path)]),
    );
  }

  /** Starts it as a desktop does, with nothing attached to it that would notice its end; to be ended by `kill`. */
  start(): void {
    const { executable } = electron();
    // In a process group of its own, which can be killed as a whole.
    const options = { env: this.#env, stdio: 'ignore', detached: true } as const;
    this.#alone = spawn(executable, this.#args(), options);
  }

  /** `kill -9` to all of its processes at once: none of them gets to do anything any more. */
  async kill(): Promise<void> {
    const alone = this.#alone;
    if (alone?.pid === undefined) throw new Error('Keyvigil was not started alone.');
    const ended = once(alone, 'exit');
    process.kill(-alone.pid, 'SIGKILL');
    await ended;
    this.#alone = undefined;
  }

  async dispose(): Promise<void> {
    if (this.#alone) await this.kill();
    if (this.#app) await this.quit();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #args(): string[] {
    const { keyring = true, hosts = {} } = this.#options;
    const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`);
    return [
      ...electron().args,
      project,
      `--user-data-dir=${this.profile}`,
      `--password-store=${keyring ? 'gnome-libsecret' : 'basic'}`,
      `--host-resolver-rules=${rules.join(', ')}`,
    ];
  }
}

function electron(): ElectronRuntime {
  return JSON.parse(process.env['KEYVIGIL_TEST_ELECTRON'] ?? '') as ElectronRuntime;
}

export const test = base.extend<
  { nexus: NexusIc; entra: Entra; ribCx: RibCx; keyvigil: Keyvigil },
  { desktop: DesktopSession; withPanel: boolean }
>({
  withPanel: [false, { option: true, scope: 'worker' }],
  // Two popups on one desktop would take the focus from each other, and close.
  desktop: [
    async ({ withPanel }, use) => {
      const desktop = await startDesktop({ panel: withPanel });
      await use(desktop);
      await desktop.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  nexus: async ({}, use) => {
    const nexus = await startNexusIc({ clock: wallClock, users: [USER] });
    await use(nexus);
    await nexus.stop();
  },
  entra: async ({}, use) => {
    const entra = await startEntra({
      clock: wallClock,
      users: [ADA, BEN],
      deviceIntervalSeconds: 0.2,
      applications: [
        {
          clientId: CLIENT_ID,
          redirectUris: ['http://localhost', 'http://rib-cx.test/cxR/Authentication'],
        },
      ],
    });
    await use(entra);
    await entra.stop();
  },
  ribCx: async ({ entra }, use) => {
    const ribCx = await startRibCx({
      clock: wallClock,
      users: [ADA, BEN],
      projects: PROJECTS,
      verifyToken: entra.verifyToken,
    });
    await use(ribCx);
    await ribCx.stop();
  },
  keyvigil: async ({ desktop }, use) => {
    const keyvigil = new Keyvigil(desktop);
    await use(keyvigil);
    await keyvigil.dispose();
  },
});

export { expect } from '@playwright/test';

/** The methods, and what is typed for each. */
export const METHODS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'User name and password': { 'User name': USER.username, Password: USER.password },
  'API key': { 'API key': USER.apiKey },
  'Email token': { 'Email token': USER.emailToken },
};

export interface FilledIn {
  readonly name?: string;
  readonly address: string;
  readonly method?: string;
  readonly system?: string;
  readonly values?: Readonly<Record<string, string>>;
  readonly remember?: boolean;
}

/** Fills in the form for a new account, up to the button. */
export async function fillIn(page: Page, filledIn: FilledIn): Promise<void> {
  const { name = 'Plant model', address, method = 'User name and password' } = filledIn;
  await page.getByRole('button', { name: 'Add account' }).click();
  await page.getByLabel('System').selectOption(filledIn.system ?? 'NEXUS IC');
  await page.getByLabel('Server address').fill(address);
  await page.getByLabel('Sign in with').selectOption(method);
  for (const [label, value] of Object.entries(filledIn.values ?? METHODS[method] ?? {})) {
    await page.getByLabel(label, { exact: true }).fill(value);
  }
  await page.getByLabel('Account name').fill(name);
  await page.getByLabel('Remember on this computer').setChecked(filledIn.remember ?? true);
}

/** Fills in the form for a Microsoft account, up to the button. */
export async function fillInMicrosoft(
  page: Page,
  { origin }: RibCx,
  { style = 'System browser', name = 'Harbour Tunnel', tenant = TENANT_ID } = {},
): Promise<void> {
  await fillIn(page, {
    system: 'RIB CX',
    name,
    address: origin,
    method: 'Microsoft account',
    values: { 'Client ID': CLIENT_ID, Tenant: tenant },
  });
  await page.getByLabel('Sign-in style').selectOption(style);
  if (style === 'Sign-in window') await page.getByLabel('Return URL').fill(RETURN_URL);
}

export async function addAccount(page: Page, filledIn: FilledIn): Promise<Locator> {
  await fillIn(page, filledIn);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return item(page, filledIn.name);
}

/** An account in the list. */
export function item(page: Page, name = 'Plant model'): Locator {
  return page.getByRole('list', { name: 'Accounts' }).getByRole('listitem', { name });
}

export async function choose(account: Locator, command: string): Promise<void> {
  await account.getByRole('button', { name: 'More' }).click();
  await account.page().getByRole('menuitem', { name: command, exact: true }).click();
}

export function onlyKey(nexus: NexusIc): string {
  const [key, ...others] = nexus.sessions.keys();
  if (key === undefined || others.length > 0) throw new Error('Not exactly one session is there.');
  return key;
}
