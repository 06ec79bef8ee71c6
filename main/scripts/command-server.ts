import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { SECOND_MS, type Clock } from '../clock.ts';
import { refused, STATUS, toText, type Reply, type Shell } from './reply.ts';

/** How long the command's own script may take to send its words or to read the answer. */
const MAX_TRANSFER_MS = 5 * SECOND_MS;
const MAX_BODY_BYTES = 16 * 1024;
const MAX_HEADER_BYTES = 4 * 1024;
const MAX_CONNECTIONS = 250;
/** Turns off Node's check for slow clients, which would wake an idle app. Each connection has its own timer instead. */
const NEVER_MS = 2 ** 31 - 1;

/** The version of the protocol between the command's own script and the app. */
const PROTOCOL = '1';

export interface CommandServerDeps {
  readonly clock: Clock;
  /** Answers the words after `keyvigil`. */
  readonly run: (words: readonly string[], signal: AbortSignal) => Promise<Reply>;
  readonly logError: (error: unknown) => void;
  /** A secret that each request must carry, if other users of this computer can connect. */
  readonly secret?: string;
}

interface ServerAnswer {
  readonly reply: Reply;
  readonly shell?: Shell;
  readonly http?: number;
}

/**
 * Answers the command `keyvigil`. Each connection brings one request, `POST /run` with a form. The server must listen on a
 * socket that only this user can reach, or have a secret.
 */
export function createCommandServer(deps: CommandServerDeps): Server {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: 0,
      requestTimeout: 0,
      connectionsCheckingInterval: NEVER_MS,
    },
    (request, response) => void serve(deps, request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.maxRequestsPerSocket = 1;
  server.on('connection', (socket) => {
    const cancel = deps.clock.setTimer(MAX_TRANSFER_MS, () => socket.destroy());
    cancelReceiving.set(socket, cancel);
    socket.once('close', cancel);
  });
  return server;
}

const cancelReceiving = new WeakMap<Socket, () => void>();

async function serve(
  deps: CommandServerDeps,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const { reply, shell = 'sh', http = 200 } = await answer(deps, request, gone.signal);
  if (gone.signal.aborted) return;
  const cancel = deps.clock.setTimer(MAX_TRANSFER_MS, () => request.socket.destroy());
  response.once('close', cancel);
  const text = toText(reply, shell);
  response.writeHead(http, {
    Connection: 'close',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

async function answer(
  deps: CommandServerDeps,
  request: IncomingMessage,
  gone: AbortSignal,
): Promise<ServerAnswer> {
  if (!isAllowed(deps, request)) {
    return { http: 403, reply: refused(STATUS.usage, 'Only the command keyvigil may ask here.') };
  }
  const form = await readPostedForm(request);
  if (!form) {
    const limit = `${MAX_BODY_BYTES / 1024} KB`;
    return { http: 413, reply: refused(STATUS.usage, `Keyvigil reads at most ${limit} of words.`) };
  }
  cancelReceiving.get(request.socket)?.();
  const shell = form.get('shell') === 'cmd' ? 'cmd' : 'sh';
  if (form.get('protocol') !== PROTOCOL) {
    const problem = 'This command belongs to another version of Keyvigil; install both together.';
    return { shell, reply: refused(STATUS.usage, problem) };
  }
  try {
    return { shell, reply: await deps.run(form.getAll('arg'), gone) };
  } catch (error) {
    deps.logError(error);
    const problem = 'Keyvigil failed with this command; its log says why.';
    return { shell, reply: refused(STATUS.offline, problem) };
  }
}

/** A server with a secret listens on loopback, where web pages can send requests too. */
function isAllowed({ secret }: CommandServerDeps, { method, url, headers }: IncomingMessage) {
  if (method !== 'POST' || url !== '/run') return false;
  if (secret === undefined) return true;
  const isPage = Object.keys(headers).some((name) => /^(origin|sec-fetch-.*)$/.test(name));
  return !isPage && isSame(headers.authorization ?? '', `Bearer ${secret}`);
}

/** Takes the same time for every wrong value of the right length, so that nobody can guess the secret byte by byte. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @returns undefined if the form is too long, or if the client disconnects */
async function readPostedForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    // Keep the connection open, because the answer is sent on it.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length;
      if (bytes > MAX_BODY_BYTES) return undefined;
      chunks.push(chunk as Buffer);
    }
  } catch {
    return undefined;
  }
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
