import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureCommands } from '../../build/runtime/packages.ts';
import { findIcon, LIVE_GREEN, type Point } from '../support/panel.ts';
import type { DesktopSession } from '../support/desktop-session.ts';
import { processesOf, pssMiB, renderersOf, workOf, type Work } from './processes.ts';

const MAX_QUIT_MS = 10_000;

/** Tells when an icon is registered on the session's bus. At this moment, the panel shows the icon. */
export class TrayWatch {
  readonly #monitor: ChildProcess;
  #onIcon = () => {};

  private constructor(command: string, env: NodeJS.ProcessEnv) {
    const signal = "type='signal',member='StatusNotifierItemRegistered'";
    const monitor = spawn(command, ['--session', '--profile', signal], {
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#monitor = monitor;
    createInterface(monitor.stdout).on('line', (line) => {
      if (line.includes('StatusNotifierItemRegistered')) this.#onIcon();
    });
  }

  static async open(env: NodeJS.ProcessEnv): Promise<TrayWatch> {
    const tools = await ensureCommands(['dbus-monitor']);
    const watch = new TrayWatch(tools['dbus-monitor'], env);
    // dbus-monitor does not tell when it begins to listen, so wait a second.
    await delay(1000);
    return watch;
  }

  nextIcon(): Promise<void> {
    return new Promise((resolve) => (this.#onIcon = resolve));
  }

  close(): void {
    this.#monitor.kill();
  }
}

/** A running tray app, watched from outside. */
export class TrayApp {
  readonly #process: ChildProcess;
  /** The milliseconds from the start of the app's process to its icon. */
  readonly iconMs: number;

  private constructor(process: ChildProcess, iconMs: number) {
    this.#process = process;
    this.iconMs = iconMs;
  }

  static async start(
    [command = '', ...args]: readonly string[],
    env: NodeJS.ProcessEnv,
    watch: TrayWatch,
  ): Promise<TrayApp> {
    const icon = watch.nextIcon();
    const started = performance.now();
    // A detached app has its own session, by which all its processes are found.
    const app = spawn(command, args, { env, stdio: 'ignore', detached: true });
    const exited = once(app, 'exit').then(() => Promise.reject(new Error(`${command} ended.`)));
    await Promise.race([icon, exited]);
    exited.catch(() => undefined);
    return new TrayApp(app, performance.now() - started);
  }

  findIcon(desktop: DesktopSession): Promise<Point> {
    return findIcon(desktop, LIVE_GREEN);
  }

  get pssMiB(): number {
    return pssMiB(processesOf(this.pid));
  }

  get processes(): number {
    return processesOf(this.pid).length;
  }

  get work(): Work {
    return workOf(processesOf(this.pid));
  }

  /** Ends the popup's process. The app then drops the window, as it does after a while without use. */
  async dropPopup(): Promise<void> {
    for (const pid of renderersOf(this.pid)) process.kill(pid, 'SIGKILL');
    while (renderersOf(this.pid).length > 0) await delay(20);
  }

  async end(): Promise<void> {
    const app = this.#process;
    if (app.exitCode !== null || app.signalCode !== null) return;
    const exited = once(app, 'exit');
    app.kill();
    const tooLong = setTimeout(() => process.kill(-this.pid, 'SIGKILL'), MAX_QUIT_MS);
    await exited;
    clearTimeout(tooLong);
  }

  get pid(): number {
    return this.#process.pid!;
  }
}
