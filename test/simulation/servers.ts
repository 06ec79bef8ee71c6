/** The servers of a simulated world, and the accounts on them: real simulators, without a socket. */
import type { AccountForm } from '../../main/sessions/account-form.ts';
import { MINUTE_MS } from '../../main/clock.ts';
import type { Fetch } from '../../main/systems/system.ts';
import type { Clock } from '../simulators/http-server.ts';
import { startNexusIc } from '../simulators/nexus-ic.ts';
import { startRibCx } from '../simulators/rib-cx.ts';
import type { Dice } from './dice.ts';

/** One account, and what is true of it, whatever Keyvigil believes. */
export interface Account {
  readonly number: number;
  readonly name: string;
  readonly server: Server;
  readonly form: AccountForm;
  /** By which name the server knows who signs in. */
  readonly user: string;
  /** What the server accepts now; undefined for a method without a password. */
  password: string | undefined;
}

export interface Server {
  readonly number: number;
  readonly host: string;
  readonly accounts: Account[];
  /** The request as it reaches the server, whatever stands in between left out. */
  readonly fetch: Fetch;
  /** How long sessions of this server live. */
  readonly life: SessionLife;
  /** The server's own table of the sessions that live, by their key. */
  sessions(): ReadonlyMap<string, { readonly lastUsed: number }>;
  /** The server restarts, and knows no session any more. */
  forgetSessions(): void;
  changePassword(account: Account, password: string): void;
  /** Who signs in with a request, and with what; undefined for a request that is no login. */
  loginIn(url: string, init: RequestInit): Login | undefined;
  /** The answer to a login is a refusal. */
  isRefusal(status: number, body: string): boolean;
}

export interface Login {
  readonly user: string;
  readonly credentials: string;
}

/** When sessions die, and how seldom a client can ask without losing one. */
export interface SessionLife {
  /** A session unused for this long is over. */
  readonly sessionIdleMs: number;
  /** Every session is over once nobody has used the server for this long. */
  readonly serverIdleMs: number;
  /** Each session is to be used at least this often. */
  readonly sessionEveryMs: number;
  /** The server is to be used by anybody at least this often. */
  readonly serverEveryMs: number;
}

const NEXUS_IC_LIFE: SessionLife = {
  sessionIdleMs: 60 * MINUTE_MS,
  serverIdleMs: 10 * MINUTE_MS,
  sessionEveryMs: 30 * MINUTE_MS,
  serverEveryMs: 8 * MINUTE_MS,
};

/** How long a RIB CX key lives is documented nowhere; one that dies soon is the harder one. */
const RIB_CX_LIFE: SessionLife = {
  sessionIdleMs: 20 * MINUTE_MS,
  serverIdleMs: Infinity,
  sessionEveryMs: 10 * MINUTE_MS,
  serverEveryMs: Infinity,
};

/** A mix as customers have it: a few servers with many accounts, many with one. Repeated until every account has a place. */
const MIX: readonly { readonly system: 'nexus-ic' | 'rib-cx'; readonly accounts: number }[] = [
  { system: 'nexus-ic', accounts: 3 },
  { system: 'rib-cx', accounts: 2 },
  { system: 'nexus-ic', accounts: 1 },
  { system: 'nexus-ic', accounts: 20 },
  { system: 'rib-cx', accounts: 6 },
  { system: 'nexus-ic', accounts: 1 },
  { system: 'rib-cx', accounts: 1 },
  { system: 'nexus-ic', accounts: 8 },
  { system: 'nexus-ic', accounts: 2 },
  { system: 'nexus-ic', accounts: 1 },
];

const NEXUS_IC_METHODS = ['password', 'api-key', 'password', 'email-token'] as const;

/** What a simulator's journal keeps is of no use here, and would fill the memory of a simulated month. */
const JOURNAL_LIMIT = 10;

export async function startServers(
  accounts: number,
  clock: Clock,
  dice: Dice,
): Promise<readonly Server[]> {
  const servers: Server[] = [];
  let next = 0;
  while (next < accounts) {
    const { system, accounts: most } = MIX[servers.length % MIX.length]!;
    const numbers = Array.from({ length: Math.min(most, accounts - next) }, () => next++);
    const start = system === 'nexus-ic' ? startNexusIcServer : startRibCxServer;
    servers.push(await start(servers.length, numbers, clock, dice));
  }
  return servers;
}

async function startNexusIcServer(
  number: number,
  numbers: readonly number[],
  clock: Clock,
  dice: Dice,
): Promise<Server> {
  const host = `nexus-${number + 1}.example.com`;
  const users = numbers.map((account) => ({
    username: `user-${account}`,
    password: firstPassword(account),
    apiKey: `key-${account}`,
    emailToken: `token-${account}`,
  }));
  const random = (size: number) => dice.bytes(size);
  const simulator = await startNexusIc({
    clock,
    users,
    random,
    listen: false,
    journalLimit: JOURNAL_LIMIT,
    // Installations differ in what they say of a dead session; every client must understand each.
    invalidHash: dice.pick([401, 404, 'login page']),
    hashIdleMs: NEXUS_IC_LIFE.sessionIdleMs,
    serverIdleMs: NEXUS_IC_LIFE.serverIdleMs,
  });
  const server: Server = {
    number,
    host,
    accounts: [],
    fetch: simulator.fetch,
    life: NEXUS_IC_LIFE,
    sessions: () => simulator.sessions,
    forgetSessions: () => simulator.forgetSessions(),
    changePassword: ({ user }, password) => simulator.changePassword(user, password),
    loginIn(url, init) {
      if (!url.endsWith('/security/login')) return undefined;
      const credentials = new Headers(init.headers).get('authorization') ?? '';
      const text = Buffer.from(credentials.split(' ')[1] ?? '', 'base64').toString('utf8');
      return { user: text.split(':')[0] ?? '', credentials };
    },
    isRefusal: (status) => status === 401,
  };
  for (const [index, account] of numbers.entries()) {
    const method = NEXUS_IC_METHODS[index % NEXUS_IC_METHODS.length]!;
    const password = firstPassword(account);
    const values = {
      password: { userName: `user-${account}`, password },
      'api-key': { apiKey: `key-${account}` },
      'email-token': { emailToken: `token-${account}` },
    }[method];
    server.accounts.push({
      number: account,
      name: nameOf(account),
      server,
      user: Object.values(values)[0]!,
      password: method === 'password' ? password : undefined,
      form: formFor(server, 'nexus-ic', method, account, values, 8),
    });
  }
  return server;
}

async function startRibCxServer(
  number: number,
  numbers: readonly number[],
  clock: Clock,
  dice: Dice,
): Promise<Server> {
  const host = `cx-${number + 1}.example.com`;
  const email = (account: number) => `user-${account}@example.com`;
  const users = numbers.map((account) => ({
    email: email(account),
    password: firstPassword(account),
  }));
  const random = (size: number) => dice.bytes(size);
  const simulator = await startRibCx({
    clock,
    users,
    random,
    listen: false,
    journalLimit: JOURNAL_LIMIT,
    invalidKey: dice.pick([401, 'login page']),
    refusal: dice.pick(['ErrorMessages', 'Message', 401]),
    loginAnswer: dice.pick(['result', 'key only', 'string']),
    keyIdleMs: RIB_CX_LIFE.sessionIdleMs,
  });
  const server: Server = {
    number,
    host,
    accounts: [],
    fetch: simulator.fetch,
    life: RIB_CX_LIFE,
    sessions: () => simulator.sessions,
    forgetSessions: () => simulator.forgetSessions(),
    changePassword: ({ user }, password) => simulator.changePassword(user, password),
    loginIn(url, init) {
      if (!url.endsWith('/Api/Login/ByEmail') || typeof init.body !== 'string') return undefined;
      const { Email } = JSON.parse(init.body) as { Email: string };
      return { user: Email, credentials: init.body };
    },
    isRefusal: (status, body) => status === 401 || /"IsSuccess":false/.test(body),
  };
  for (const account of numbers) {
    const password = firstPassword(account);
    const values = { email: email(account), password, apiVersion: 'latest' };
    server.accounts.push({
      number: account,
      name: nameOf(account),
      server,
      user: values.email,
      password,
      form: formFor(server, 'rib-cx', 'password', account, values, 10),
    });
  }
  return server;
}

function formFor(
  { host }: Server,
  system: string,
  method: string,
  account: number,
  values: Readonly<Record<string, string>>,
  keepAliveMinutes: number,
): AccountForm {
  return {
    system,
    name: nameOf(account),
    address: `https://${host}`,
    method,
    values,
    remember: true,
    keepAliveMinutes,
  };
}

const nameOf = (account: number) => `Account ${account + 1}`;
const firstPassword = (account: number) => `pässword ${account} 1`;
