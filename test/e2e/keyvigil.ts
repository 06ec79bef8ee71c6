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
import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import { ALLOW_OLD_ELECTRON } from '../../main/desktop/old-electron.ts';
import type { Entra } from '../simulators/entra.ts';
import { isPopupOpen, Popup } from './popup.ts';

const project = join(import.meta.dirname, '../..');

export interface LaunchOptions {
  /** False for a desktop without a keyring. */
  readonly keyring?: boolean;
  /** Host names and the addresses that they lead to. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** The stand-in for Microsoft's sign-in. */
  readonly entra?: Entra;
  /** False to see what the users of `npm start` see on an old Electron. */
  readonly allowOldElectron?: boolean;
  /** More of the command line. */
  readonly args?: readonly string[];
}

/** The running app, with its own profile. */
export class Keyvigil {
  readonly profile = mkdtempSync(join(tmpdir(), 'keyvigil-profile-'));
  /** Everything that its processes printed. */
  output = '';
  readonly #runtime: ElectronRuntime;
  readonly #env: Record<string, string>;
  readonly #browserLog = join(this.profile, 'opened-in-browser');
  #app: ElectronApplication | undefined;
  #unattended: ChildProcess | undefined;
  #options: LaunchOptions = {};

  constructor(runtime: ElectronRuntime, env: NodeJS.ProcessEnv) {
    this.#runtime = runtime;
    // On Linux, Chromium opens the browser by xdg-open. This one only logs the address.
    const programs = join(this.profile, 'bin');
    mkdirSync(programs);
    writeFileSync(join(programs, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${this.#browserLog}'\n`, {
      mode: 0o755,
    });
    this.#env = {
      ...(env as Record<string, string>),
      PATH: `${programs}:${env['PATH'] ?? ''}`,
      [ALLOW_OLD_ELECTRON]: '1',
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
    const { entra, allowOldElectron = true } = options;
    this.#app = await _electron.launch({
      executablePath: this.#runtime.executable,
      args: this.#args(),
      env: {
        ...this.#env,
        ...(entra && { KEYVIGIL_ENTRA_ORIGIN: entra.origin }),
        ...(!allowOldElectron && { [ALLOW_OLD_ELECTRON]: '' }),
      },
    });
    const { stdout, stderr } = this.#app.process();
    for (const stream of [stdout, stderr]) {
      stream?.on('data', (data: Buffer) => (this.output += data.toString()));
    }
  }

  /** The popup, which is opened if there is none. */
  async popup(): Promise<Popup> {
    const page = this.windows[0] ?? (await this.#openPopup());
    await page.getByRole('heading', { name: 'Keyvigil' }).waitFor();
    return new Popup(page);
  }

  /** Tells the app of a second launch: a real one takes as long as a start. */
  #openPopup(): Promise<Page> {
    const opening = this.app.waitForEvent('window');
    // The window is the answer: during a slow start, the call's own answer may get lost.
    this.app.evaluate(({ app }) => app.emit('second-instance')).catch(() => undefined);
    return opening;
  }

  isPopupOpen(): Promise<boolean> {
    return isPopupOpen(this.app);
  }

  /** Launches it while it runs, which opens the popup. */
  async launchAgain(): Promise<void> {
    const { executable } = this.#runtime;
    await once(spawn(executable, this.#args(), { env: this.#env, stdio: 'ignore' }), 'exit');
  }

  clipboard(): Promise<string> {
    return this.app.evaluate(({ clipboard }) => clipboard.readText());
  }

  /** The addresses that were opened in the user's browser, in order. */
  openedInBrowser(): string[] {
    if (!existsSync(this.#browserLog)) return [];
    return readFileSync(this.#browserLog, 'utf8')
      .split('\n')
      .filter((address) => address !== '');
  }

  /** Quits as the tray menu does, and returns how many milliseconds that took. */
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

  /** Everything that Keyvigil wrote, by path. */
  files(): Map<string, Buffer> {
    const entries = readdirSync(this.profile, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return new Map(paths.map((path) => [path, readFileSync(path)]));
  }

  /** Starts it without Playwright, as a desktop does, to be ended by `kill`. */
  start(): void {
    this.#unattended = spawn(this.#runtime.executable, this.#args(), {
      env: this.#env,
      stdio: 'ignore',
      // Makes a process group, which can be killed as a whole.
      detached: true,
    });
  }

  /** Ends all processes of a started app at once by SIGKILL, so that none can finish its work. */
  async kill(): Promise<void> {
    const unattended = this.#unattended;
    if (unattended?.pid === undefined) throw new Error('Keyvigil was not started unattended.');
    const exited = once(unattended, 'exit');
    process.kill(-unattended.pid, 'SIGKILL');
    await exited;
    this.#unattended = undefined;
  }

  async dispose(): Promise<void> {
    if (this.#unattended) await this.kill();
    if (this.#app) await this.quit();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
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
