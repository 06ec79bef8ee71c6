import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import type { Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { createCommandServer, type CommandServerDeps } from './command-server.ts';
import { quoteForCurl } from './printed-key.ts';

/** The longest path of a socket: 104 bytes on macOS, 108 on Linux, with a zero at its end. */
const MAX_SOCKET_PATH_BYTES = 103;
/** A file in the profile that tells curl where the app listens. */
export const CURL_CONFIG = 'command.curl';

export interface CommandSocketDeps extends Omit<CommandServerDeps, 'secret'> {
  /** The folder with everything that Keyvigil stores; only its user can read it. */
  readonly profile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
}

/**
 * Lets the command `keyvigil` of this user, and of no other user, reach the running Keyvigil.
 * @returns a function that stops this
 * @throws if another program already listens on the socket
 */
export async function listenToCommands(deps: CommandSocketDeps): Promise<() => void> {
  const { platform, profile } = deps;
  const socket = platform === 'win32' ? await listenOnLoopback(deps) : await listenOnFile(deps);
  const config = join(profile, CURL_CONFIG);
  const options = Object.entries({ ...socket.curl, noproxy: '*' });
  writeWhole(config, options.map(([name, value]) => `${name} = ${quoteForCurl(value)}\n`).join(''));
  socket.server.on('error', deps.logError);
  return () => {
    rmSync(config, { force: true });
    socket.server.close();
    socket.server.closeAllConnections();
    socket.remove();
  };
}

interface Listening {
  readonly server: Server;
  /** The long options with which curl reaches the server. */
  readonly curl: Readonly<Record<string, string>>;
  remove(): void;
}

async function listenOnFile(deps: CommandSocketDeps): Promise<Listening> {
  const { path, remove } = socketPath(deps);
  if (await isListening(path)) throw new Error(`Another program listens on ${path}.`);
  rmSync(path, { force: true });
  const server = createCommandServer(deps);
  await listen(server, { path });
  chmodSync(path, 0o600);
  return { server, curl: { 'unix-socket': path, url: 'http://keyvigil/run' }, remove };
}

/**
 * Used on Windows, which has no socket that both curl and Node support. Other users of this computer can connect to
 * loopback, so each request must carry a secret.
 */
async function listenOnLoopback(deps: CommandSocketDeps): Promise<Listening> {
  const secret = randomBytes(16).toString('base64url');
  const server = createCommandServer({ ...deps, secret });
  await listen(server, { host: '127.0.0.1', port: 0 });
  const { port } = server.address() as AddressInfo;
  const curl = {
    url: `http://127.0.0.1:${port}/run`,
    header: `Authorization: Bearer ${secret}`,
  };
  return { server, curl, remove: () => {} };
}

function listen(server: Server, where: { path: string } | { host: string; port: number }) {
  return new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The socket's path: in `XDG_RUNTIME_DIR`, otherwise in the profile. If neither can be used, in a new temporary folder. */
function socketPath({ profile, env }: CommandSocketDeps): { path: string; remove: () => void } {
  // The name depends on the profile, because each profile has its own Keyvigil.
  const name = `${createHash('sha256').update(profile).digest('hex').slice(0, 16)}.sock`;
  const runtime = env['XDG_RUNTIME_DIR'] ?? '';
  const folders = [
    ...(isAbsolute(runtime) && isPrivate(runtime) ? [join(runtime, 'keyvigil')] : []),
    join(profile, 'command'),
  ];
  for (const folder of folders) {
    const path = join(folder, name);
    if (Buffer.byteLength(path) > MAX_SOCKET_PATH_BYTES || !makePrivate(folder)) continue;
    return { path, remove: () => rmSync(path, { force: true }) };
  }
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-'));
  return {
    path: join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** @returns false if the path is another user's folder, a link or a file */
function makePrivate(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    if (!isOwn(folder)) return false;
    chmodSync(folder, 0o700);
    return isPrivate(folder);
  } catch {
    return false;
  }
}

function isOwn(folder: string): boolean {
  const status = lstatSync(folder, { throwIfNoEntry: false });
  return status?.isDirectory() === true && status.uid === process.getuid?.();
}

/** Whether the folder belongs to this user, and no other user can list or enter it. */
function isPrivate(folder: string): boolean {
  return isOwn(folder) && (lstatSync(folder).mode & 0o077) === 0;
}

/** Whether a program listens on the socket. A socket file that a killed Keyvigil left behind does not answer. */
function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(code !== 'ENOENT' && code !== 'ECONNREFUSED'),
    );
  });
}

/** Replaces the whole file at once, and never writes through a link. */
function writeWhole(path: string, text: string): void {
  const temporary = `${path}.tmp`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  renameSync(temporary, path);
}
