import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Programs need far fewer connections. The system limits the open files of a process, and Keyvigil itself needs some. */
const MAX_CONNECTIONS = 512;
/** Hardly any program sends a request before it has the answer to the last one. */
const MAX_REQUESTS_AT_ONCE = 4;

/** The connections to the local address. If there are too many, closes the oldest one that never sent a valid token. */
export class Connections {
  readonly #all = new Map<Socket, { requests: number }>();
  /** Connections that have not sent a valid token yet, the oldest first. */
  readonly #strangers = new Set<Socket>();

  constructor(server: Server) {
    server.on('connection', (socket: Socket) => this.#add(socket));
  }

  #add(socket: Socket): void {
    this.#all.set(socket, { requests: 0 });
    this.#strangers.add(socket);
    socket.once('close', () => {
      this.#all.delete(socket);
      this.#strangers.delete(socket);
    });
    if (this.#all.size <= MAX_CONNECTIONS) return;
    const [oldest = socket] = this.#strangers;
    oldest.destroy();
    this.#strangers.delete(oldest);
  }

  /** Whether the connection may start one more request. If true, call `ended` after the request. */
  begin(socket: Socket): boolean {
    const state = this.#all.get(socket);
    if (!state || state.requests >= MAX_REQUESTS_AT_ONCE) return false;
    state.requests++;
    return true;
  }

  ended(socket: Socket): void {
    const state = this.#all.get(socket);
    if (state) state.requests--;
  }

  /** Call this when the connection has sent a valid token. */
  trust(socket: Socket): void {
    this.#strangers.delete(socket);
  }
}
