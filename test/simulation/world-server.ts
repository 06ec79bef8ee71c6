import type { AccountForm } from '../../main/sessions/account-form.ts';
import type { Fetch } from '../../main/systems/system.ts';
import type { VirtualClock } from '../support/virtual-clock.ts';
import type { SeededRandom } from './random.ts';

/** One account, with what its server knows about it. */
export interface WorldAccount {
  readonly number: number;
  readonly name: string;
  readonly server: WorldServer;
  readonly form: AccountForm;
  /** The name by which the server knows the user. */
  readonly user: string;
  /** The password that the server accepts now, or undefined for a method without a password. */
  password: string | undefined;
}

/** One server with its accounts, made by a real simulator without a socket. */
export interface WorldServer {
  readonly number: number;
  readonly host: string;
  readonly accounts: WorldAccount[];
  /** Sends a request that has already passed the network. */
  readonly fetch: Fetch;
  readonly life: SessionLife;
  /** The server's own table of live sessions, by key. */
  sessions(): ReadonlyMap<string, { readonly lastUsed: number }>;
  /** Ends all sessions, as a restart of the server does. */
  forgetSessions(): void;
  changePassword(user: string, password: string): void;
  /** @returns the login in this request, or undefined if the request is no login */
  loginIn(url: string, init: RequestInit): Login | undefined;
  /** @returns whether this answer to a login is a refusal */
  isRefusal(status: number, body: string): boolean;
}

export interface Login {
  readonly user: string;
  readonly credentials: string;
}

/** Says when sessions expire, and how often they must be used. */
export interface SessionLife {
  /** A session expires if it is unused for this long. */
  readonly sessionIdleMs: number;
  /** All sessions expire if nobody uses the server for this long. */
  readonly serverIdleMs: number;
  /** Each session must be used at least once in this time. */
  readonly sessionEveryMs: number;
  /** Any one session of the server must be used at least once in this time. */
  readonly serverEveryMs: number;
}

export interface ServerDeps {
  readonly number: number;
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly life: SessionLife;
  readonly journalLimit: number;
}

export function addAccount(
  server: WorldServer,
  account: Pick<WorldAccount, 'number' | 'user' | 'password'>,
  form: Pick<AccountForm, 'system' | 'method' | 'values' | 'keepAliveMinutes'>,
): void {
  const name = `Account ${account.number + 1}`;
  const address = `https://${server.host}`;
  server.accounts.push({
    ...account,
    name,
    server,
    form: { ...form, name, address, remember: true },
  });
}

export const firstPasswordOf = (account: number): string => `pässword ${account} 1`;
