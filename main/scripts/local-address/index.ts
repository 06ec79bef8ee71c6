import { MINUTE_MS } from '../../clock.ts';
import type { Notices } from '../../bridge/notices.ts';
import { m } from '../../messages/index.ts';
import type { LocalServer, ServerDeps } from './server.ts';

export interface LocalAddressDeps extends ServerDeps {
  readonly port: () => number;
  readonly notices: Pick<Notices, 'add' | 'remove'>;
}

const NOTICE = 'local-address-port';

/** Keeps the port of the local addresses open while an account has a local address, and only then. */
export class LocalAddressListener {
  readonly #deps: LocalAddressDeps;
  #open: { readonly server: LocalServer; readonly port: number } | undefined;
  /** The port that `#work` opens; undefined if it closes the port. */
  #aimedPort: number | undefined;
  #cancelRetry: () => void = () => {};
  #work: Promise<void> = Promise.resolve();
  #hasStopped = false;

  constructor(deps: LocalAddressDeps) {
    this.#deps = deps;
  }

  /** Call this after every change of the accounts or the settings. Resolves when the port is open or closed as needed. */
  update(): Promise<void> {
    this.#open?.server.endRevoked();
    if (this.#wantedPort === this.#aimedPort) return this.#work;
    return this.#adjust();
  }

  /** Resolves when the last update is done. */
  get updated(): Promise<void> {
    return this.#work;
  }

  stop(): Promise<void> {
    this.#hasStopped = true;
    return this.#adjust();
  }

  get #wantedPort(): number | undefined {
    const { accounts, port } = this.#deps;
    return this.#hasStopped || accounts().length === 0 ? undefined : port();
  }

  #adjust(): Promise<void> {
    this.#cancelRetry();
    this.#aimedPort = this.#wantedPort;
    this.#work = this.#work.then(() => this.#openOrClose()).catch(this.#deps.logError);
    return this.#work;
  }

  async #openOrClose(): Promise<void> {
    const port = this.#wantedPort;
    if (port !== undefined && port === this.#open?.port) return;
    await this.#open?.server.close();
    this.#open = undefined;
    this.#deps.notices.remove(NOTICE);
    if (port === undefined) return;
    const { LocalServer } = await import('./server.ts');
    const server = new LocalServer(this.#deps);
    try {
      await server.listen(port);
      this.#open = { server, port };
    } catch (error) {
      this.#tellFailed(port, error);
      this.#cancelRetry = this.#deps.clock.setTimer(MINUTE_MS, () => void this.#adjust());
    }
  }

  #tellFailed(port: number, error: unknown): void {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    const text = isTaken ? m.port_is_taken : m.port_is_forbidden;
    this.#deps.notices.add(NOTICE, () => text({ port: String(port) }), { dismissible: false });
  }
}
