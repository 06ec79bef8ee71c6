/** Tests the real script with the real curl, against the real accounts. */
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createCommandWorld, type CommandWorld } from '../../test/support/command-world.ts';
import { SCRIPT } from '../../test/support/run-program.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts';
import type { Account } from '../sessions/account.ts';
import { LiveKeys } from '../sessions/live-keys.ts';
import type { Presence } from '../sessions/rest.ts';
import { Commands } from './commands.ts';

let world: CommandWorld;
let account: Account;
const key = () => account.sessionKey!.key;

beforeEach(async () => {
  world = await createCommandWorld();
  account = await world.addForScripts();
});
afterEach(() => world.dispose());

describe('keyvigil key', () => {
  it('prints the key and nothing else', async () => {
    expect(await world.keyvigil('key', 'Plant model')).toEqual({
      status: 0,
      stdout: `${key()}\n`,
      stderr: '',
    });
  });

  it('prints a new key if the server has forgotten the session', async () => {
    const before = key();
    world.server.forgetSessions();
    await world.clock.advance(30 * SECOND_MS);
    const { stdout } = await world.keyvigil('key', 'Plant model');
    expect([...world.server.sessions.keys()]).toEqual([stdout.trim()]);
    expect(stdout.trim()).not.toBe(before);
  });

  it('costs one login for 50 scripts at the same moment on an expired session', async () => {
    const before = world.server.loginRequests;
    world.server.forgetSessions();
    await world.clock.advance(30 * SECOND_MS);
    const all = await Promise.all(
      Array.from({ length: 50 }, () => world.keyvigil('key', 'plant model')),
    );
    expect(new Set(all.map(({ stdout }) => stdout.trim()))).toEqual(
      new Set(world.server.sessions.keys()),
    );
    expect(all.filter(({ status, stderr }) => status !== 0 || stderr !== '')).toEqual([]);
    expect(world.server.loginRequests - before).toBe(1);
  });

  it('exits with 4 if only the user can sign in, and does not log in again', async () => {
    world.server.changePassword('engineer1', 'another');
    world.server.forgetSessions();
    await world.clock.advance(30 * SECOND_MS);
    const first = await world.keyvigil('key', 'Plant model');
    expect(first).toMatchObject({ status: 4, stdout: '' });
    expect(first.stderr).toMatch(/^keyvigil: "Plant model" needs you to sign in: .+\n$/);
    const before = world.server.loginRequests;
    expect(await world.keyvigil('key', 'Plant model')).toMatchObject({ status: 4 });
    expect(world.server.loginRequests).toBe(before);
  });

  it('exits with 5 while the server does not respond; --stale-ok prints the last key all the same', async () => {
    world.server.faults.always(faults.connectionRefused());
    await world.clock.advance(30 * SECOND_MS);
    const offline = await world.keyvigil('key', 'Plant model');
    expect(offline).toMatchObject({ status: 5, stdout: '' });
    expect(offline.stderr).toMatch(/^keyvigil: "Plant model" is offline: .+\n$/);
    const stale = await world.keyvigil('key', 'Plant model', '--stale-ok');
    expect(stale).toMatchObject({ status: 0, stdout: `${key()}\n` });
    expect(stale.stderr).toContain('may have expired');
    const json = await world.keyvigil('key', 'Plant model', '--stale-ok', '--format=json');
    expect(JSON.parse(json.stdout)).toMatchObject({ key: key(), stale: true });
  });
});

describe('keyvigil list', () => {
  it('prints a name in the form that the completion and the other commands know', async () => {
    account.update({ name: 'Tank\u00a0farm\n\u001b[31m' });
    const { stdout: list } = await world.keyvigil('list');
    const { stdout: completed } = await world.keyvigil('complete', '--', 'key', 'tank f');
    expect(completed).toBe('Tank farm [31m\n');
    expect(list).toContain(completed.trim());
    expect(await world.keyvigil('key', completed.trim())).toMatchObject({ status: 0 });
  });

  it('shows each account with system, state, and when it was verified', async () => {
    await world.add({ name: 'Other\u001b[31m' });
    await world.clock.advance(90 * SECOND_MS);
    const { status, stdout } = await world.keyvigil('list');
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'NAME         SYSTEM    STATE  VERIFIED   SCRIPTS',
      'Plant model  NEXUS IC  Live   1 min ago  on',
      'Other [31m   NEXUS IC  Live   1 min ago  off',
      '',
    ]);
  });

  it('is JSON for programs, with times in UTC and nothing invented', async () => {
    const { stdout } = await world.keyvigil('list', '--json');
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      accounts: [
        {
          id: account.saved.id,
          name: 'Plant model',
          system: 'NEXUS IC',
          address: world.server.baseUrl,
          state: 'live',
          verifiedAt: '2026-01-05T08:00:00.000Z',
          scripts: true,
        },
      ],
    });
  });

  it('may be long', async () => {
    for (let i = 0; i < 30; i++) await world.add({ name: `Plant ${i} ${'x'.repeat(9000)}` });
    const { stdout } = await world.keyvigil('list', '--json');
    expect((JSON.parse(stdout) as { accounts: unknown[] }).accounts).toHaveLength(31);
  });
});

describe('keyvigil status', () => {
  it.each([
    ['live', 0, 'Live, verified 0 s ago'],
    ['offline', 5, 'Offline'],
    ['sign-in-needed', 4, 'Sign-in needed'],
    ['signed-out', 4, 'Signed out'],
  ])('of an account that is %s exits with %i', async (state, status, words) => {
    if (state === 'offline') world.server.faults.always(faults.connectionRefused());
    if (state === 'sign-in-needed') world.server.changePassword('engineer1', 'another');
    if (state !== 'live') world.server.forgetSessions();
    if (state === 'signed-out') await account.signOut();
    else await account.verify();
    expect(await world.keyvigil('status', 'Plant model')).toMatchObject({
      status,
      stdout: `${words}\n`,
    });
  });

  it('waits until the account is live', async () => {
    world.server.faults.always(faults.connectionRefused());
    await account.verify();
    const waiting = world.keyvigil('status', 'Plant model', '--wait', '600');
    await expect.poll(() => world.used).toHaveLength(1);
    world.server.faults.clear();
    await account.verify();
    expect(await waiting).toMatchObject({ status: 0 });
  });

  it('waits until the account needs its user', async () => {
    world.server.faults.always(faults.connectionRefused());
    await account.verify();
    const waiting = world.keyvigil('status', 'Plant model', '--wait=600');
    await expect.poll(() => world.used).toHaveLength(1);
    await account.signOut();
    expect(await waiting).toMatchObject({ status: 4 });
  });

  it('waits also for an account that is edited during the wait', async () => {
    world.server.faults.always(faults.connectionRefused());
    await account.verify();
    const waiting = world.keyvigil('status', 'Plant model', '--wait', '600');
    await expect.poll(() => world.used).toHaveLength(1);
    world.server.faults.clear();
    const toApiKey = world.form({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    expect(await world.accounts.list.edit(account.saved.id, toApiKey)).toEqual({ ok: true });
    expect(await waiting).toMatchObject({ status: 0 });
  });

  it('tells the state of the edited account if the account is edited while it is verified', async () => {
    world.server.faults.always(faults.connectionRefused());
    await account.verify();
    world.server.faults.clear();
    const held = faults.held();
    world.server.faults.always(held, { route: 'version' });
    const verifying = world.keyvigil('verify', 'Plant model');
    await expect.poll(() => world.used).toHaveLength(1);
    const toApiKey = world.form({ method: 'api-key', values: { apiKey: 'KEY-1' } });
    expect(await world.accounts.list.edit(account.saved.id, toApiKey)).toEqual({ ok: true });
    held.release();
    expect(await verifying).toMatchObject({ status: 0 });
  });

  it('wakes a session that ended to rest, and waits until it is live', async () => {
    let presence: Presence = { idleMs: 0, isLocked: false };
    world.dispose();
    world = await createCommandWorld({ presence: () => presence });
    account = await world.addForScripts({
      rest: { when: 'away', afterMinutes: 15, signOut: true },
    });
    await world.clock.advance(HOUR_MS);
    presence = { idleMs: 0, isLocked: true };
    await world.clock.advance(MINUTE_MS);
    expect(account.session.state).toBe('signed-out');
    const waiting = world.keyvigil('status', 'Plant model', '--wait', '600');
    await expect.poll(() => world.used).toHaveLength(1);
    await world.clock.advance(MINUTE_MS);
    expect(await waiting).toMatchObject({ status: 0 });
  });

  it('does not wait longer than it was told', async () => {
    world.server.faults.always(faults.connectionRefused());
    await account.verify();
    expect(await world.keyvigil('status', 'Plant model', '--wait', '1')).toMatchObject({
      status: 5,
      stdout: 'Offline\n',
    });
  });
});

describe('keyvigil run', () => {
  it('gives the program the key, the address and the parameter, and passes its exit status on', async () => {
    const program = 'echo "$KEYVIGIL_KEY $KEYVIGIL_URL $KEYVIGIL_QUERY"; exit 9';
    expect(await world.keyvigil('run', 'Plant model', '--', 'sh', '-c', program)).toEqual({
      status: 9,
      stdout: `${key()} ${world.server.baseUrl} hash=${key()}\n`,
      stderr: '',
    });
  });

  it('hands the arguments and the input on as they are, and changes no other variable', async () => {
    const args = ['', ' a  b ', "it's", '"$HOME"', '*', '--', '--help', '\n', 'é'];
    const program = ['printf', '[%s]', ...args];
    const plain = await world.keyvigil('run', 'Plant model', '--', ...program);
    expect(plain.stdout).toBe(args.map((arg) => `[${arg}]`).join(''));
    const env = { config: 'x', word: 'y', status: 'z' };
    const reading = ['sh', '-c', 'cat; echo "$config$word$status"'];
    const options = { env, stdin: 'input ' };
    const read = await world.keyvigilWith(options, 'run', 'Plant model', '--', ...reading);
    expect(read.stdout).toBe('input xyz\n');
  });

  it('sends Keyvigil nothing of the program, wherever an option stands', async () => {
    const program = ['--', 'printf', '%s', 'x'.repeat(100_000)];
    const ran = await world.keyvigil('--start', 'run', 'Plant model', ...program);
    expect(ran.status).toBe(0);
  });

  it('leaves the program no key of another system, which the program would send to this server', async () => {
    const env = { KEYVIGIL_HEADER: 'key: of RIB CX' };
    const program = ['sh', '-c', 'echo "[$KEYVIGIL_HEADER]"'];
    const ran = await world.keyvigilWith({ env }, 'run', 'Plant model', '--', ...program);
    expect(ran.stdout).toBe('[]\n');
  });

  it('runs nothing if there is no key', async () => {
    await account.signOut();
    const ran = await world.keyvigil('run', 'Plant model', '--', 'echo', 'ran');
    expect(ran).toMatchObject({ status: 4, stdout: '' });
  });

  it('takes a command line that is longer than Keyvigil reads', async () => {
    const long = 'x'.repeat(100_000);
    const ran = await world.keyvigil('run', 'Plant model', '--', 'printf', '%s', long);
    expect(ran).toMatchObject({ status: 0, stdout: long });
  });

  it('has the key in no argument list', async () => {
    const program = "tr '\\0' ' ' < /proc/$PPID/cmdline; tr '\\0' ' ' < /proc/$$/cmdline";
    const { stdout } = await world.keyvigil('run', 'Plant model', '--', 'sh', '-c', program);
    expect(stdout).toContain('cmdline');
    expect(stdout).not.toContain(key());
  });

  it('exits with 127 if the program does not exist', async () => {
    expect(await world.keyvigil('run', 'Plant model', '--', 'no-such-program')).toMatchObject({
      status: 127,
    });
  });
});

describe('keyvigil', () => {
  it('opens the popup, at an account if one is named', async () => {
    expect(await world.keyvigil()).toEqual({ status: 0, stdout: '', stderr: '' });
    await world.keyvigil('open');
    await world.keyvigil('open', 'PLANT MODEL');
    expect(world.opened).toEqual([undefined, undefined, 'Plant model']);
  });

  it('also opens the popup at an account that scripts may not use', async () => {
    await world.add({ name: 'Other' });
    await world.keyvigil('open', 'Other');
    expect(world.opened).toEqual(['Other']);
  });

  it('verifies a session, and renews one that has expired', async () => {
    world.server.forgetSessions();
    expect(await world.keyvigil('verify', 'Plant model')).toMatchObject({
      status: 0,
      stdout: 'Live, verified 0 s ago\n',
    });
    expect(world.server.sessions.size).toBe(1);
  });

  it('signs out, and says so if the server may not know', async () => {
    expect(await world.keyvigil('sign-out', 'Plant model')).toEqual({
      status: 0,
      stdout: 'Signed out of "Plant model".\n',
      stderr: '',
    });
    expect(world.server.sessions.size).toBe(0);
    const other = await world.addForScripts({ name: 'Other' });
    world.server.faults.always(faults.connectionRefused());
    const { status, stderr } = await world.keyvigil('sign-out', 'Other');
    expect(status).toBe(0);
    expect(stderr).toContain('may still be open');
    expect(other.session.state).toBe('signed-out');
  });

  it.each(['key', 'verify', 'sign-out'])(
    '%s does not call itself done if the server has not answered for 100 s',
    async (command) => {
      const clock = new VirtualClock();
      const commands = new Commands({
        accounts: world.accounts.list,
        shown: () => world.accounts.list.all,
        keys: new LiveKeys(world.clock),
        clock,
        version: '1.2.3',
        onUse: () => undefined,
        openPopup: () => undefined,
      });
      await world.clock.advance(30 * SECOND_MS);
      world.server.faults.always(faults.held());
      const reply = commands.run([command, 'Plant model'], new AbortController().signal);
      await clock.advance(100 * SECOND_MS);
      expect(await reply).toEqual({
        status: 5,
        error: 'The server of "Plant model" has not answered for 100 s.',
      });
    },
  );

  it('tells its version and its help', async () => {
    expect((await world.keyvigil('--version')).stdout).toBe('Keyvigil 1.2.3\n');
    for (const words of [['--help'], ['-h'], ['key', '--help']]) {
      const { status, stdout } = await world.keyvigil(...words);
      expect([status, stdout.split('\n')[0]]).toEqual([
        0,
        'Gives scripts the sessions that Keyvigil keeps alive.',
      ]);
    }
  });

  it('counts each use, and none of an account that it may not use', async () => {
    await world.add({ name: 'Other' });
    for (const words of [['key'], ['verify'], ['sign-out']]) {
      await world.keyvigil(...words, 'Plant model');
      await world.keyvigil(...words, 'Other');
    }
    expect(world.used).toEqual(Array(3).fill(account.saved.id));
  });
});

describe('exit status', () => {
  test.each([
    [['kye'], 'Keyvigil does not know the command "kye"; did you mean key, open or run?'],
    [['key'], 'keyvigil key needs the name of an account; keyvigil list shows them.'],
    [['key', 'Plant', 'model'], '"model" is one word too many; put a name with blanks in quotes.'],
    [['list', 'x'], '"x" is one word too many; put a name with blanks in quotes.'],
    [['list', '--stale-ok'], 'keyvigil list has no --stale-ok; keyvigil --help explains it.'],
    [['key', 'x', '--format', 'xml'], '--format must be plain, json, env, header, query or curl.'],
    [
      ['key', 'Plant model', '--format', 'header'],
      'NEXUS IC takes its key in the address, so use --format query.',
    ],
    [['status', 'x', '--wait', '601'], '--wait must be a number of seconds, at most 600.'],
    [['run', 'Plant model'], 'keyvigil run needs a program: keyvigil run NAME -- COMMAND.'],
    [['run', 'Plant model', '--'], 'keyvigil run needs a program: keyvigil run NAME -- COMMAND.'],
    [['--what'], "Unknown option '--what'; keyvigil --help explains it."],
    [['key', 'x'.repeat(20_000)], 'Keyvigil reads at most 16 KB of words.'],
  ])('2 for %j', async (words, problem) => {
    expect(await world.keyvigil(...words)).toEqual({
      status: 2,
      stdout: '',
      stderr: `keyvigil: ${problem}\n`,
    });
  });

  test('3 for an account that does not exist, with the nearest names', async () => {
    await world.add({ name: 'Tank farm' });
    await world.add({ name: 'plant MODEL' });
    expect(await world.keyvigil('key', 'plnt')).toMatchObject({
      status: 3,
      stderr:
        'keyvigil: No account is called "plnt"; did you mean "Plant model", "plant MODEL" or "Tank farm"?\n',
    });
    const ambiguous = await world.keyvigil('key', 'Plant model');
    expect(ambiguous).toMatchObject({ status: 3 });
    expect(ambiguous.stderr).toContain(`use an id: ${account.saved.id} or account-3.`);
    expect(await world.keyvigil('key', account.saved.id.toUpperCase())).toMatchObject({
      status: 0,
    });
  });

  test('3 for a removed account, even while its removal can be undone', async () => {
    world.shownAccounts.remove(account.saved.id);
    expect(await world.keyvigil('key', 'Plant model')).toMatchObject({ status: 3, stdout: '' });
    expect((await world.keyvigil('list')).stdout).not.toContain('Plant model');

    world.shownAccounts.undo(account.saved.id);
    expect(await world.keyvigil('key', 'Plant model')).toMatchObject({ stdout: `${key()}\n` });
  });

  test('6 for an account that is not turned on, and it says where', async () => {
    const other = await world.add({ name: 'Other' });
    for (const words of [['key'], ['status'], ['verify'], ['sign-out'], ['run']]) {
      const end = words[0] === 'run' ? ['--', 'true'] : [];
      const { status, stderr } = await world.keyvigil(...words, 'Other', ...end);
      expect(status).toBe(6);
      expect(stderr).toContain('details of the account, Scripts');
    }
    expect(other.session.state).toBe('live');
  });

  test('7 if Keyvigil does not run, or was killed', async () => {
    const notRunning = 'keyvigil: Keyvigil does not run; start it, or add --start.\n';
    const killed = await createCommandWorld();
    killed.stop();
    expect(await killed.keyvigil('list')).toEqual({ status: 7, stdout: '', stderr: notRunning });
    killed.dispose();
    expect(await killed.keyvigil('list')).toMatchObject({ status: 7, stderr: notRunning });
  });

  test('1 without curl', async () => {
    expect(await world.keyvigilWith({ env: { PATH: '/nowhere' } }, 'list')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'keyvigil: This command needs curl; install it.\n',
    });
  });
});

describe('the script', () => {
  it.each([['sh'], ['bash'], ['bash', '--posix']])('runs in %s', async (...shell) => {
    const script = [...shell, SCRIPT];
    const words = ['run', 'Plant model', '--', 'printf', '%s', "a'b"];
    expect(await world.keyvigilWith({ script }, 'key', 'Plant model')).toMatchObject({
      stdout: `${key()}\n`,
    });
    expect(await world.keyvigilWith({ script }, ...words)).toMatchObject({ stdout: "a'b" });
  });

  it('explains itself also through a link', async () => {
    const link = join(world.profile, 'link');
    symlinkSync(SCRIPT, link);
    const { stdout } = await world.keyvigilWith({ script: [link] }, '--help');
    expect(stdout).toContain('keyvigil run NAME -- COMMAND');
  });

  it('uses no proxy and no settings of the user for curl', async () => {
    writeFileSync(join(world.profile, '.curlrc'), 'include\nproxy = "http://127.0.0.1:9"\n');
    const env = {
      http_proxy: 'http://127.0.0.1:9',
      ALL_PROXY: 'http://127.0.0.1:9',
      HOME: world.profile,
    };
    expect(await world.keyvigilWith({ env }, 'key', 'Plant model')).toMatchObject({
      stdout: `${key()}\n`,
    });
  });
});

describe('the script for cmd', () => {
  const text = readFileSync(`${SCRIPT}.cmd`, 'utf8');

  it('has the line ends without which cmd misses its labels', () => {
    expect(text.split('\n').slice(0, -1)).toEqual(text.match(/[^\n]*\r(?=\n)/g));
  });

  it('jumps to no label that is missing', () => {
    const labels = [...text.matchAll(/^:(\w+)/gm)].map(([, label]) => label);
    const jumps = [...text.matchAll(/goto (\w+)/g)].map(([, label]) => label);
    expect(new Set(jumps)).toEqual(new Set(labels));
  });
});
