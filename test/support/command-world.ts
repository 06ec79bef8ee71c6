import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ShownAccounts } from '../../main/bridge/shown-accounts.ts';
import { systemClock } from '../../main/clock.ts';
import { serveCommands } from '../../main/scripts/serve-commands.ts';
import { LiveKeys } from '../../main/sessions/live-keys.ts';
import type { Account } from '../../main/sessions/account.ts';
import { DEFAULT_SETTINGS } from '../../main/storage/settings.ts';
import { createWorld, type World } from './account-world.ts';
import { runProgram, SCRIPT, type Ran, type RunOptions } from './run-program.ts';

/** Real accounts on a virtual clock, behind a real socket. The real script sends its requests to this socket with the real curl. */
export interface CommandWorld extends World {
  readonly shownAccounts: ShownAccounts;
  readonly profile: string;
  /** The accounts that scripts used, and the accounts that the popup was opened at (`undefined` for no account). */
  readonly used: string[];
  readonly opened: (string | undefined)[];
  readonly reported: unknown[];
  addForScripts(...form: Parameters<World['add']>): Promise<Account>;
  keyvigil(...words: string[]): Promise<Ran>;
  keyvigilWith(options: RunOptions, ...words: string[]): Promise<Ran>;
  /** Stops listening, as Keyvigil does when it quits. */
  stop(): void;
  start(): Promise<void>;
  dispose(): void;
}

export async function createCommandWorld({
  env = {},
  ...options
}: Parameters<typeof createWorld>[0] & { env?: NodeJS.ProcessEnv } = {}): Promise<CommandWorld> {
  const world = await createWorld(options);
  const profile = mkdtempSync(join(tmpdir(), 'keyvigil-command-'));
  const used: string[] = [];
  const opened: (string | undefined)[] = [];
  const reported: unknown[] = [];
  let stop = () => {};
  const keyvigilWith = ({ script = [SCRIPT], ...options }: RunOptions, ...words: string[]) =>
    runProgram([...script, ...words], {
      ...options,
      env: { ...process.env, KEYVIGIL_PROFILE: profile, ...options.env },
    });
  const shownAccounts = new ShownAccounts({
    accounts: world.accounts.list,
    settings: { get: () => DEFAULT_SETTINGS, save: () => undefined },
    clock: world.clock,
    onChange: () => undefined,
  });
  const commandWorld: CommandWorld = {
    ...world,
    shownAccounts,
    profile,
    used,
    opened,
    reported,
    async addForScripts(form) {
      const account = await world.add(form);
      account.update({ scripts: { mayUseCommand: true, localAddress: 'off' } });
      return account;
    },
    keyvigilWith,
    keyvigil: (...words) => keyvigilWith({}, ...words),
    stop: () => stop(),
    async start() {
      stop = await serveCommands({
        accounts: world.accounts.list,
        shown: () => shownAccounts.all,
        keys: new LiveKeys(world.clock),
        // The accounts use the virtual time, but scripts wait in real time.
        clock: {
          now: () => world.clock.now(),
          wall: () => world.clock.wall(),
          setTimer: systemClock.setTimer,
        },
        version: '1.2.3',
        onUse: (id) => used.push(id),
        openPopup: (account) => opened.push(account?.saved.name),
        profile,
        env,
        platform: 'linux',
        logError: (error) => reported.push(error),
      });
    },
    dispose() {
      stop();
      rmSync(profile, { recursive: true, force: true });
    },
  };
  await commandWorld.start();
  return commandWorld;
}
