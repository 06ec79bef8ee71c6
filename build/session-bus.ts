import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit } from './runtime/at-exit.ts';
import { ensureCommands } from './runtime/packages.ts';
import { Problem } from './runtime/report.ts';
import { firstLine, run } from './runtime/run.ts';

export interface SessionBus {
  /** A program of the session needs these variables besides those of this process. */
  env: Record<string, string>;
  /** Restarts the keyring unlocked, as the user's next login does. */
  restartKeyring(): Promise<void>;
  stop(): Promise<void>;
}

/** The time after which a wait has failed. It is long, because a shared machine may be slow for a minute. */
const LIMIT_MS = 60_000;
const POLL_MS = 20;

/** Configures a bus that starts no services: no keyring, and no program that asks for a keyring's password. */
const BARE_BUS = `<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/**
 * Starts a message bus with an unlocked keyring, in a temporary home folder.
 * @param extraEnv variables for the programs of the session; the services that the bus starts need DISPLAY
 * @param options without `keyring`, no keyring starts; with `isBare`, the bus starts no services
 */
export async function startSessionBus(
  extraEnv: Record<string, string> = {},
  { keyring = true, isBare = false } = {},
): Promise<SessionBus> {
  const tools = await ensureCommands(['dbus-daemon', 'gnome-keyring-daemon', 'libsecret']);
  const home = mkdtempSync(join(tmpdir(), 'keyvigil-session-'));
  const env: Record<string, string> = { ...extraEnv, ...homeEnvironment(home) };
  const running: ChildProcess[] = [];
  const stopNow = () => {
    for (const child of running) child.kill();
    rmSync(home, { recursive: true, force: true });
  };
  const cancelCleanUp = atExit(stopNow);
  const stop = async () => {
    cancelCleanUp();
    // Wait before deleting the home folder: the services write into it until they end.
    await Promise.all(running.toReversed().map(end));
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };

  try {
    const bareBus = join(home, 'bus.conf');
    writeFileSync(bareBus, BARE_BUS);
    const kind = isBare ? `--config-file=${bareBus}` : '--session';
    const bus = spawn(tools['dbus-daemon'], [kind, '--print-address', '--nofork'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    running.push(bus);
    const address = await firstLine(bus.stdout);
    if (address === '') throw new Problem('dbus-daemon did not start.');
    env['DBUS_SESSION_BUS_ADDRESS'] = address;
    let keyringProcess: ChildProcess | undefined;
    const restartKeyring = async () => {
      if (keyringProcess) await end(keyringProcess);
      keyringProcess = startKeyring(tools['gnome-keyring-daemon'], env);
      running.push(keyringProcess);
      await keyringReady(env);
    };
    if (keyring) await restartKeyring();
    return { env, restartKeyring, stop };
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

function startKeyring(command: string, env: Record<string, string>): ChildProcess {
  const keyring = spawn(command, ['--foreground', '--unlock', '--components=secrets'], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // The first unlock creates the keyring with this password.
  keyring.stdin.end('throw-away');
  return keyring;
}

/**
 * Calls a method on the session's bus.
 * @returns the reply as text, which is empty after an error
 */
export async function callBus(
  env: NodeJS.ProcessEnv,
  [destination, path, method]: readonly [string, string, string],
  ...args: string[]
): Promise<string> {
  const tools = await ensureCommands(['dbus-send']);
  const call = ['--session', '--print-reply=literal', `--dest=${destination}`, path, method];
  const { stdout } = await run(tools['dbus-send'], [...call, ...args], {
    env: { ...process.env, ...env },
  });
  return stdout.trim();
}

/** @returns whether a program on the session's bus has this name */
export async function hasOwner(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const method = 'org.freedesktop.DBus.NameHasOwner';
  const bus = ['org.freedesktop.DBus', '/org/freedesktop/DBus', method] as const;
  return (await callBus(env, bus, `string:${name}`)).includes('true');
}

const SECRETS = 'org.freedesktop.secrets';

async function keyringReady(env: NodeJS.ProcessEnv): Promise<void> {
  // Ask for the owner first: a call to a name without an owner would make the bus start a second keyring.
  await until('the keyring to be on the bus', () => hasOwner(SECRETS, env));
  await until('the keyring to be unlocked', () => lockIs(env, false));
}

export async function lockKeyring(env: NodeJS.ProcessEnv): Promise<void> {
  const lock = [
    SECRETS,
    '/org/freedesktop/secrets',
    'org.freedesktop.Secret.Service.Lock',
  ] as const;
  await callBus(env, lock, `array:objpath:${await defaultCollection(env)}`);
  await until('the keyring to be locked', () => lockIs(env, true));
}

async function lockIs(env: NodeJS.ProcessEnv, expected: boolean): Promise<boolean> {
  const collection = await defaultCollection(env);
  // Until the default collection exists, its path is "/".
  if (collection.length <= 1) return false;
  const property = ['string:org.freedesktop.Secret.Collection', 'string:Locked'];
  const get = [SECRETS, collection, 'org.freedesktop.DBus.Properties.Get'] as const;
  return (await callBus(env, get, ...property)).includes(String(expected));
}

function defaultCollection(env: NodeJS.ProcessEnv): Promise<string> {
  const readAlias = 'org.freedesktop.Secret.Service.ReadAlias';
  return callBus(env, [SECRETS, '/org/freedesktop/secrets', readAlias], 'string:default');
}

/** Waits for a state of another program. Polls, because the program does not tell when its state changes. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Problem(`Waited ${LIMIT_MS / 1000} s for ${what}.`);
    await delay(POLL_MS);
  }
}

/** Kills a program, and waits until it has ended. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
