import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram, SCRIPT } from '../../test/support/run-program.ts';
import { systemClock } from '../clock.ts';
import { CURL_CONFIG, listenToCommands, type CommandSocketDeps } from './command-socket.ts';
import { printed } from './reply.ts';

const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

let folder: string;
let profile: string;
let runtime: string;
const stops: (() => void)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keyvigil-socket-'));
  // Other users may enter this folder, as they may enter /home and /run/user.
  chmodSync(folder, 0o755);
  profile = join(folder, 'profile');
  runtime = join(folder, 'runtime');
  for (const path of [profile, runtime]) mkdirSync(path, { mode: 0o700 });
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  rmSync(folder, { recursive: true });
});

async function listen(changes: Partial<CommandSocketDeps> = {}) {
  const stop = await listenToCommands({
    profile,
    env: { XDG_RUNTIME_DIR: runtime },
    platform: 'linux',
    clock: systemClock,
    run: async (words) => printed(`${changes.profile ?? 'answered'} ${words.join(' ')}`),
    logError: (error) => {
      throw error;
    },
    ...changes,
  });
  stops.push(stop);
  return stop;
}

const config = (of = profile) => readFileSync(join(of, CURL_CONFIG), 'utf8');
const socketOf = (text: string) => /^unix-socket = "(.*)"$/m.exec(text)?.[1] ?? '';
const socket = () => socketOf(config());
const mode = (path: string) => lstatSync(path).mode & 0o777;
const ask = (uid?: number, of = profile) =>
  runProgram([SCRIPT, 'list'], {
    env: { ...process.env, KEYVIGIL_PROFILE: of },
    ...(uid !== undefined && { uid }),
  });

describe('the socket', () => {
  it('lies in the user’s runtime folder, for this user alone', async () => {
    await listen();
    expect(dirname(socket())).toBe(join(runtime, 'keyvigil'));
    expect([mode(socket()), mode(dirname(socket())), mode(join(profile, CURL_CONFIG))]).toEqual([
      0o600, 0o700, 0o600,
    ]);
    expect(await ask()).toMatchObject({ status: 0, stdout: 'answered list\n' });
  });

  it('lies in the profile if there is no such folder', async () => {
    await listen({ env: {} });
    expect(dirname(socket())).toBe(join(profile, 'command'));
    expect(mode(dirname(socket()))).toBe(0o700);
    expect(await ask()).toMatchObject({ status: 0 });
  });

  it('is in a new temporary folder if its path would be too long', async () => {
    const long = join(profile, 'x'.repeat(100));
    mkdirSync(long);
    const stop = await listen({ env: {}, profile: long });
    const path = socketOf(config(long));
    expect(dirname(path).startsWith(join(tmpdir(), 'keyvigil-'))).toBe(true);
    expect(mode(dirname(path))).toBe(0o700);
    expect(await ask(undefined, long)).toMatchObject({ status: 0 });
    stop();
    expect(existsSync(dirname(path))).toBe(false);
  });

  it('is different for each profile', async () => {
    const other = join(folder, 'other');
    mkdirSync(other, { mode: 0o700 });
    await listen();
    await listen({ profile: other });
    expect((await ask(undefined, other)).stdout).toBe(`${other} list\n`);
    expect((await ask()).stdout).toBe('answered list\n');
  });

  it('is gone when Keyvigil quits', async () => {
    const stop = await listen();
    const path = socket();
    stop();
    expect([existsSync(path), existsSync(join(profile, CURL_CONFIG))]).toEqual([false, false]);
    expect(await ask()).toMatchObject({ status: 7 });
  });

  it('is replaced if a killed Keyvigil left it; before that, scripts find no running Keyvigil', async () => {
    const stop = await listen();
    const path = socket();
    const left = config();
    stop();
    const program = `require('net').createServer().listen(${JSON.stringify(path)}, () => console.log())`;
    const killed = spawn(process.execPath, ['-e', program]);
    await once(killed.stdout, 'data');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    writeFileSync(join(profile, CURL_CONFIG), left);
    expect(existsSync(path)).toBe(true);
    expect(await ask()).toMatchObject({ status: 7 });
    await listen();
    expect(await ask()).toMatchObject({ status: 0 });
  });

  it('is never taken from a Keyvigil that listens on it', async () => {
    await listen();
    await expect(listen()).rejects.toThrow('Another program listens on');
    expect(await ask()).toMatchObject({ status: 0, stdout: 'answered list\n' });
  });
});

describe('planted in its way,', () => {
  it('a link instead of the folder is not followed', async () => {
    const trap = join(folder, 'trap');
    mkdirSync(trap, { mode: 0o777 });
    symlinkSync(trap, join(runtime, 'keyvigil'));
    await listen();
    expect(readdirSync(trap)).toEqual([]);
    expect(dirname(socket())).toBe(join(profile, 'command'));
  });

  it('a file instead of the folder stays as it is', async () => {
    writeFileSync(join(runtime, 'keyvigil'), 'x');
    await listen();
    expect(readFileSync(join(runtime, 'keyvigil'), 'utf8')).toBe('x');
    expect(dirname(socket())).toBe(join(profile, 'command'));
  });

  it('a runtime folder that others can enter is not used', async () => {
    chmodSync(runtime, 0o755);
    await listen();
    expect(dirname(socket())).toBe(join(profile, 'command'));
  });

  it('a folder that was opened to others is closed again', async () => {
    mkdirSync(join(runtime, 'keyvigil'));
    chmodSync(join(runtime, 'keyvigil'), 0o777);
    await listen();
    expect(mode(join(runtime, 'keyvigil'))).toBe(0o700);
  });

  it('links instead of the socket and of curl’s config are replaced, and nothing is written through them', async () => {
    const stop = await listen();
    const path = socket();
    stop();
    const target = join(folder, 'target');
    writeFileSync(target, 'x');
    for (const link of [path, join(profile, CURL_CONFIG), join(profile, `${CURL_CONFIG}.tmp`)]) {
      symlinkSync(target, link);
    }
    await listen();
    expect(readFileSync(target, 'utf8')).toBe('x');
    expect(lstatSync(path).isSocket()).toBe(true);
    expect(lstatSync(join(profile, CURL_CONFIG)).isFile()).toBe(true);
  });

  it.runIf(isRoot)('a folder of another user is not used', async () => {
    mkdirSync(join(runtime, 'keyvigil'), { mode: 0o700 });
    chownSync(join(runtime, 'keyvigil'), NOBODY, NOBODY);
    await listen();
    expect(dirname(socket())).toBe(join(profile, 'command'));
    chownSync(runtime, NOBODY, NOBODY);
    const other = join(folder, 'other');
    mkdirSync(other, { mode: 0o700 });
    await listen({ profile: other });
    expect(dirname(socketOf(config(other)))).toBe(join(other, 'command'));
  });
});

describe.runIf(isRoot)('another user of this computer', () => {
  const connect = (path: string) =>
    runProgram(
      ['curl', '-q', '-sS', '--unix-socket', path, '-d', 'protocol=1', 'http://keyvigil/run'],
      { uid: NOBODY },
    );

  it('can neither find the socket nor use it', async () => {
    await listen();
    expect(await ask(NOBODY)).toMatchObject({ status: 7, stdout: '' });
    const read = await runProgram(['cat', join(profile, CURL_CONFIG)], { uid: NOBODY });
    expect(read.stderr).toContain('Permission denied');
    const list = await runProgram(['ls', dirname(socket())], { uid: NOBODY });
    expect(list.stderr).toContain('Permission denied');
    expect(await connect(socket())).toMatchObject({ status: 7, stdout: '' });
  });

  it('can neither use, take nor replace it if the folders were opened to all', async () => {
    await listen();
    for (const path of [runtime, dirname(socket()), profile]) chmodSync(path, 0o755);
    expect(await connect(socket())).toMatchObject({ status: 7, stdout: '' });
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    const other = join(open, 'socket');
    for (const attack of [
      ['ln', socket(), other],
      ['mv', socket(), other],
      ['rm', '-f', socket()],
    ]) {
      expect((await runProgram(attack, { uid: NOBODY })).status).not.toBe(0);
    }
    // Another user can make a link to the socket, but is refused there too.
    symlinkSync(socket(), other);
    expect(await connect(other)).toMatchObject({ status: 7, stdout: '' });
    expect(await ask()).toMatchObject({ status: 0 });
  });

  it('cannot use the secret of Windows’ loopback, which it cannot read', async () => {
    await listen({ platform: 'win32' });
    const url = /^url = "(.*)"$/m.exec(config())![1]!;
    const request = ['curl', '-q', '-s', '-d', 'protocol=1', '-d', 'arg=list'];
    const answer = await runProgram([...request, url], { uid: NOBODY });
    expect(answer.stdout).toContain('Only the command keyvigil may ask here.');
    const read = await runProgram([...request, '-K', join(profile, CURL_CONFIG)], { uid: NOBODY });
    expect(read.stdout).toBe('');
  });
});

describe('on Windows', () => {
  it('the loopback answers the script, which has the secret', async () => {
    await listen({ platform: 'win32' });
    expect(config()).toMatch(/^header = "Authorization: Bearer [\w-]{22}"$/m);
    expect(await ask()).toMatchObject({ status: 0, stdout: 'answered list\n' });
  });

  it.each([
    ['no secret', {}],
    ['a wrong secret', { Authorization: 'Bearer AAAAAAAAAAAAAAAAAAAAAA' }],
    ['a page of a browser', { Origin: 'https://example.com' }, 'right'],
    ['a request of a browser', { 'Sec-Fetch-Site': 'cross-site' }, 'right'],
  ])('%s is refused', async (_what, headers, secret?: string) => {
    await listen({ platform: 'win32' });
    const [, url = ''] = /^url = "(.*)"$/m.exec(config())!;
    const [, right = ''] = /^header = "Authorization: (.*)"$/m.exec(config())!;
    const options = Object.entries({ ...headers, ...(secret && { Authorization: right }) });
    const curl = ['curl', '-q', '-s', '-d', 'protocol=1', '-d', 'arg=list', url];
    const { stdout } = await runProgram([
      ...curl,
      ...options.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ]);
    expect(stdout).toBe('2\n: Only the command keyvigil may ask here.\n');
  });
});
