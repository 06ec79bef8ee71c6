import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { ALLOW_OLD_ELECTRON } from '../../main/desktop/old-electron.ts';
import type { Entra } from '../simulators/entra.ts';
import { filesIn, searchFolder, searchText, type Hit } from '../support/canary.ts';
import { launchElectron } from '../support/launch-electron.ts';
import { runProgram, SCRIPT, type Ran } from '../support/run-program.ts';
import { isPopupOpen, Popup } from './popup.ts';

const project = join(import.meta.dirname, '../..');
/** Electron loads this file before the app. */
const AS_PACKAGED = join(import.meta.dirname, 'as-packaged.cjs');

export interface LaunchOptions {
  /** False for a desktop without a keyring. */
  readonly keyring?: boolean;
  /** The host names that the app can resolve, with the address of each. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** The simulator of Microsoft's sign-in. */
  readonly entra?: Entra;
  /** False to see what a user of `npm start` sees on an old Electron. */
  readonly allowOldElectron?: boolean;
  /** More arguments for the command line. */
  readonly args?: readonly string[];
  /** If true, the app behaves as if it were packaged. */
  readonly asPackaged?: boolean;
  /** These variables replace variables of the desktop session. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The running app, with folders of its own. */
export class Keyvigil {
  /** The app and its runtime write only below this folder. */
  readonly home = mkdtempSync(join(tmpdir(), 'keyvigil-'));
  readonly profile = join(this.home, 'profile');
  /** Everything that the app's processes printed. */
  output = '';
  readonly #runtime: ElectronRuntime;
  readonly #env: Record<string, string>;
  readonly #browserLog = join(this.home, 'opened-in-browser');
  #app: ElectronApplication | undefined;
  #unattended: ChildProcess | undefined;
  #options: LaunchOptions = {};

  constructor(runtime: ElectronRuntime, env: NodeJS.ProcessEnv) {
    this.#runtime = runtime;
    // On Linux, Chromium opens the browser with xdg-open. This xdg-open only logs the address.
    const programs = join(this.home, 'bin');
    const [temporary, cache] = [join(this.home, 'tmp'), join(this.home, 'cache')];
    for (const folder of [this.profile, programs, temporary, cache]) mkdirSync(folder);
    writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${this.#browserLog}'\n`, {
      mode: 0o755,
    });
    this.#env = {
      ...(env as Record<string, string>),
      PATH: `${programs}:${env['PATH'] ?? ''}`,
      [ALLOW_OLD_ELECTRON]: '1',
      // The tests look for English words.
      LANG: 'en_US.UTF-8',
      LANGUAGE: 'en',
      TMPDIR: temporary,
      XDG_CACHE_HOME: cache,
    };
  }

  get app(): ElectronApplication {
    if (!this.#app) throw new Error('Keyvigil is not running.');
    return this.#app;
  }

  get windows(): readonly Page[] {
    return this.app.windows();
  }

  async launch(options: LaunchOptions = {}): Promise<void> {
    this.#options = options;
    const { asPackaged = false } = options;
    this.#app = await launchElectron({
      executablePath: this.#runtime.executable,
      args: [...(asPackaged ? ['-r', AS_PACKAGED] : []), ...this.#args()],
      env: this.environment(),
    });
    this.#record(this.#app.process());
  }

  /** @returns the popup, which this method opens if it does not exist */
  async popup(): Promise<Popup> {
    const page = this.windows[0] ?? (await this.#openPopup());
    await page.getByRole('heading', { name: 'Keyvigil' }).waitFor();
    return new Popup(page);
  }

  /** Tells the app of a second launch. A real second launch would take as long as a start. */
  #openPopup(): Promise<Page> {
    const opening = this.app.waitForEvent('window');
    // Wait for the window: during a slow start, the answer to this call may get lost.
    this.app.evaluate(({ app }) => app.emit('second-instance')).catch(() => undefined);
    return opening;
  }

  isPopupOpen(): Promise<boolean> {
    return isPopupOpen(this.app);
  }

  /** Launches the app while it already runs, which opens the popup. */
  async launchAgain(): Promise<void> {
    await once(this.#spawn(), 'exit');
  }

  clipboard(): Promise<string> {
    return this.app.evaluate(({ clipboard }) => clipboard.readText());
  }

  /** @returns the addresses that were opened in the user's browser, in order */
  openedInBrowser(): string[] {
    if (!existsSync(this.#browserLog)) return [];
    return readFileSync(this.#browserLog, 'utf8')
      .split('\n')
      .filter((address) => address !== '');
  }

  /**
   * Quits as the tray's menu does.
   * @returns how many milliseconds that took
   */
  async quit(): Promise<number> {
    const { app } = this;
    const exited = once(app.process(), 'exit');
    const started = performance.now();
    // The app may end before it answers.
    void app.evaluate(({ app }) => app.quit()).catch(() => undefined);
    await exited;
    this.#app = undefined;
    return performance.now() - started;
  }

  async restart(): Promise<void> {
    await this.quit();
    await this.launch(this.#options);
  }

  /** @returns everything that Keyvigil wrote, by path */
  files(): Map<string, Buffer> {
    return filesIn(this.home);
  }

  /** Searches everything that Keyvigil left behind for secrets. */
  searchSecrets(): { readonly files: number; readonly hits: readonly Hit[] } {
    const { files, hits } = searchFolder(this.home);
    return { files, hits: [...hits, ...searchText('output', this.output)] };
  }

  /** Runs the command `keyvigil` for this profile. */
  command(...words: string[]): Promise<Ran> {
    const env = { ...this.environment(), KEYVIGIL_PROFILE: this.profile };
    return runProgram([SCRIPT, ...words], { env });
  }

  /**
   * Starts the app without Playwright, as a desktop does. End it with `kill`.
   * @returns the id of the app's process group
   */
  start(): number {
    // A detached app has its own process group, which can be killed as a whole.
    this.#unattended = this.#spawn({ detached: true });
    return this.#unattended.pid!;
  }

  /** Ends all processes of a started app at once with SIGKILL, so that no process can finish its work. */
  async kill(): Promise<void> {
    const unattended = this.#unattended;
    if (unattended?.pid === undefined) throw new Error('Keyvigil was not started unattended.');
    const exited = once(unattended, 'exit');
    process.kill(-unattended.pid, 'SIGKILL');
    await exited;
    this.#unattended = undefined;
  }

  /** Ends the app. The files that it wrote stay. */
  async end(): Promise<void> {
    if (this.#unattended) await this.kill();
    if (this.#app) await this.quit();
  }

  removeFiles(): void {
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  #spawn(options: { detached?: boolean } = {}): ChildProcess {
    const [executable, ...args] = this.commandLine;
    const child = spawn(executable, args, { ...options, env: this.environment() });
    this.#record(child);
    return child;
  }

  get commandLine(): readonly [string, ...string[]] {
    return [this.#runtime.executable, ...this.#args()];
  }

  #record({ stdout, stderr }: ChildProcess): void {
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
  }

  environment(): Record<string, string> {
    const { entra, env, allowOldElectron = true } = this.#options;
    return {
      ...this.#env,
      ...(entra && { KEYVIGIL_ENTRA_ORIGIN: entra.origin }),
      ...(!allowOldElectron && { [ALLOW_OLD_ELECTRON]: '' }),
      ...env,
    };
  }

  #args(): string[] {
    const { keyring = true, hosts = {}, args = [] } = this.#options;
    const rules = Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`);
    return [
      ...this.#runtime.args,
      project,
      `--user-data-dir=${this.profile}`,
      `--password-store=${keyring ? 'gnome-libsecret' : 'basic'}`,
      `--host-resolver-rules=${rules.join(', ')}`,
      ...args,
    ];
  }
}
