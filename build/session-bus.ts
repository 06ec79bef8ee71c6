import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit } from './runtime/at-exit.ts';
import { ensureCommands } from './runtime/packages.ts';
import { Problem } from './runtime/report.ts';
import { run } from './runtime/run.ts';

export interface SessionBus {
  /** What differs from the environment of this process; a program of the session gets both. */
  env: Record<string, string>;
  stop(): Promise<void>;
}

const readyLimitMs = 15_000;
const pollMs = 20;

/**
 * Starts a desktop session's message bus and an unlocked keyring on it, in a home folder that is thrown away.
 * `extraEnv` (DISPLAY, most of all) reaches the services that the bus starts by itself.
 */
export async function startSessionBus(extraEnv: Record<string, string> = {}): Promise<SessionBus> {
  const tools = await ensureCommands([
    'dbus-daemon',
    'dbus-send',
    'gnome-keyring-daemon',
    'libsecret',
  ]);
  const home = mkdtempSync(join(tmpdir(), 'keyvigil-session-'));
  const env: Record<string, string> = { ...extraEnv, ...homeEnvironment(home) };
  const running: ChildProcess[] = [];
  const stopAtOnce = () => {
    for (const child of running) child.kill();
    rmSync(home, { recursive: true, force: true });
  };
  const forget = atExit(stopAtOnce);
  const stop = async () => {
    forget();
    // The services write into the home folder until they are gone.
    await Promise.all(running.toReversed().map(end));
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };

  try {
    const bus = spawn(tools['dbus-daemon'], ['--session', '--print-address', '--nofork'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    running.push(bus);
    env['DBUS_SESSION_BUS_ADDRESS'] = await firstLine(bus);
    running.push(startKeyring(tools['gnome-keyring-daemon'], env));
    await keyringReady(tools['dbus-send'], env);
    return { env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function homeEnvironment(home: string): Record<string, string> {
  const runtimeFolder = join(home, 'run');
  mkdirSync(runtimeFolder, { mode: 0o700 });
  return {
    HOME: home,
    XDG_RUNTIME_DIR: runtimeFolder,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_STATE_HOME: join(home, '.local/state'),
    XDG_CACHE_HOME: join(home, '.cache'),
  };
}

async function firstLine(child: ChildProcess): Promise<string> {
  const lines = createInterface(child.stdout as Readable);
  for await (const line of lines) return line;
  throw new Problem('dbus-daemon did not start.');
}

function startKeyring(command: string, env: Record<string, string>): ChildProcess {
  const keyring = spawn(command, ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The password of a keyring that lives as long as this session; the first unlock creates it.
  keyring.stdin.end('throw-away');
  return keyring;
}

/** Whether a program on the session's bus goes by this name. */
export async function hasOwner(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const tools = await ensureCommands(['dbus-send']);
  const bus = ['--dest=org.freedesktop.DBus', '/org/freedesktop/DBus'];
  const { stdout } = await run(
    tools['dbus-send'],
    [
      '--session',
      '--print-reply=literal',
      ...bus,
      'org.freedesktop.DBus.NameHasOwner',
      `string:${name}`,
    ],
    { env: { ...process.env, ...env } },
  );
  return stdout.includes('true');
}

/** Waits until the default collection exists and is unlocked. */
async function keyringReady(dbusSend: string, env: Record<string, string>): Promise<void> {
  const call = async (destination: string, path: string, method: string, ...args: string[]) => {
    const target = ['--session', '--print-reply=literal', `--dest=${destination}`, path, method];
    const { stdout } = await run(dbusSend, [...target, ...args], {
      env: { ...process.env, ...env },
    });
    return stdout.trim();
  };
  const secrets = 'org.freedesktop.secrets';
  const defaultCollection = () =>
    call(
      secrets,
      '/org/freedesktop/secrets',
      'org.freedesktop.Secret.Service.ReadAlias',
      'string:default',
    );
  const locked = (collection: string) =>
    call(
      secrets,
      collection,
      'org.freedesktop.DBus.Properties.Get',
      'string:org.freedesktop.Secret.Collection',
      'string:Locked',
    );
  // Asked first: a call to a name that nobody owns yet would make the bus start a second keyring.
  await until('the keyring to be on the bus', () => hasOwner(secrets, env));
  await until('the keyring to be unlocked', async () => {
    const collection = await defaultCollection();
    return collection.length > 1 && (await locked(collection)).includes('false');
  });
}

/** Waits for a state of another program, which can only be asked for. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + readyLimitMs;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Problem(`Waited ${readyLimitMs / 1000} s for ${what}.`);
    await delay(pollMs);
  }
}

/** Ends a program, and returns when it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
