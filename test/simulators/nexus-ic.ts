/**
 * A simulator of IC-Web, the web server of NEXUS IC (Wood): `icweb.dll`, an ISAPI extension on IIS.
 *
 *     const clock = movableClock();
 *     const nexusIc = await startNexusIc({ version: '6.9', clock, users: [{ username: 'ada', … }] });
 *     await fetch(`${nexusIc.baseUrl}/security/login`, { method: 'POST', headers: { … } });
 *
 * Each fact says how sure it is:
 *   D  the vendor's documentation, docs.nexusic.com/{version}/{page}.html; the page is named
 *   C  public client code only (pynexusic)
 *   I  inferred, or chosen here because nothing is said. Where installations may differ it is an
 *      option; where not, the choice is the one that is harder on a client.
 */
import { randomBytes } from 'node:crypto';
import { json, page, wholeNumber } from './answers.ts';
import { LOGIN_PAGE } from './faults.ts';
import {
  startServer,
  type Clock,
  type ServerOptions,
  type SimulatedServer,
} from './http-server.ts';
import { IdleSessions } from './idle-sessions.ts';

// ---- what an installation can be ---------------------------------------------------------------

const VERSIONS = ['6.3', '6.4', '6.5', '6.6', '6.7', '6.8', '6.9'] as const;
export type NexusIcVersion = (typeof VERSIONS)[number];

/**
 * D: both are documented, `/data/icweb.dll` by 6.9's examples and pynexusic, `/icweb.dll` by the
 * reference pages (ic-web.rest.v2, ic-web.rest.security.login).
 */
export type BasePath = '/data/icweb.dll' | '/icweb.dll';

export type NexusIcRoute = 'login' | 'logout' | 'version' | 'rows' | 'validateCookieToken';

export interface User {
  username: string;
  /** May contain `:`. Without one, there is no way in by password. */
  password?: string;
  apiKey?: string;
  /** Single-use: `validateCookieToken` swaps it for one that lasts 90 days. */
  emailToken?: string;
  /** Default: 1, 2, … in the order given. */
  id?: number;
  /** Default `write`. */
  license?: 'write' | 'readonly';
  /** Full name from the Personnel table; left out of answers while blank. */
  name?: string;
  /** Default false. */
  allowPasswordChange?: boolean;
}

export interface Session {
  readonly hash: string;
  readonly username: string;
  /** By the simulator's clock. */
  readonly since: number;
  readonly lastUsed: number;
}

export type Row = Record<string, unknown>;

export interface NexusIcOptions extends ServerOptions {
  /** Default `6.9`. */
  version?: NexusIcVersion;
  /** Default `/data/icweb.dll`. */
  basePath?: BasePath;
  users?: readonly User[];
  /** The business objects of `bo/{table}/`. Default: a `Component` table of three rows. */
  tables?: Record<string, readonly Row[]>;

  /** D: a hash expires 60 minutes after its last use. Infinity switches it off. */
  hashIdleMs?: number;
  /** D: everyone is logged out after 10 idle minutes, an administrator's setting. Infinity: off. */
  serverIdleMs?: number;

  /** I: what a wrong verb on a known route gets; IIS installations differ. Default 405. */
  wrongVerb?: 405 | 404;
  /** I: what a POST to a path that does not exist gets; some IIS handlers say 405. Default 404. */
  postToMissingPath?: 404 | 405;
  /** I: what a call with a hash that is not, or no longer, valid gets. Default 401. */
  invalidHash?: 401 | 404 | 'login page';
  /** I: error bodies are not documented. Default empty. */
  errorBody?: 'empty' | 'text' | 'html';

  /** That many random bytes, for hashes and tokens. Default: node:crypto. */
  random?: (size: number) => Uint8Array;
}

export interface NexusIc extends SimulatedServer<NexusIcRoute> {
  readonly version: NexusIcVersion;
  /** `origin` and base path, without a slash at the end. */
  readonly baseUrl: string;
  /** The live ones, by hash. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** Every request that reached the login, whatever became of it. */
  readonly loginRequests: number;
  /** IC-Web restarts and knows no hash any more. */
  forgetSessions(): void;
  /** I: sessions that are open stay open. */
  changePassword(username: string, password: string): void;
  /** Gives a user a new email token, in place of the one before. */
  issueEmailToken(username: string): string;
}

export async function startNexusIc(options: NexusIcOptions): Promise<NexusIc> {
  const settings = { ...DEFAULTS, ...options };
  const directory = new Directory(settings.users, settings.clock, settings.random);
  const sessions = new Sessions(settings);
  const icWeb: IcWeb = { settings, directory, sessions };

  const server = await startServer<NexusIcRoute>(
    {
      routeOf: (url) => routeOf(url, settings),
      answer: (request, url, route) => answer(icWeb, request, url, route),
    },
    settings,
  );

  return {
    ...server,
    version: settings.version,
    baseUrl: server.origin + settings.basePath,
    get sessions() {
      return sessions.live();
    },
    get loginRequests() {
      return server.journal.count('login');
    },
    forgetSessions: () => sessions.forget(),
    changePassword: (username, password) => directory.changePassword(username, password),
    issueEmailToken: (username) => directory.issueEmailToken(username),
  };
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const DEFAULTS = {
  version: '6.9',
  basePath: '/data/icweb.dll',
  users: [],
  // I: the field names are pynexusic's filters'; the rows are made up.
  tables: {
    Component: [
      { Component_ID: 1, Name: 'Platform' },
      { Component_ID: 2, Name: 'Jacket' },
      { Component_ID: 3, Name: 'Riser' },
    ],
  },
  hashIdleMs: 60 * MINUTE,
  serverIdleMs: 10 * MINUTE,
  wrongVerb: 405,
  postToMissingPath: 404,
  invalidHash: 401,
  errorBody: 'empty',
  random: (size) => randomBytes(size),
} satisfies Omit<NexusIcOptions, 'clock'>;

type Settings = Required<Omit<NexusIcOptions, keyof ServerOptions>> & { clock: Clock };

/** What one installation consists of. */
interface IcWeb {
  settings: Settings;
  directory: Directory;
  sessions: Sessions;
}

function isSince(version: NexusIcVersion, first: NexusIcVersion): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(first);
}

// ---- routes ------------------------------------------------------------------------------------

/**
 * I: IIS finds the extension in whatever case; what follows is the extension's own, and taken as
 * documented, to the letter. D: a listing is `bo/{table}/` (ic-web.rest.bo.getrows); I: also
 * without the slash at the end.
 */
function routeOf(url: URL, { basePath, version }: Settings): NexusIcRoute | undefined {
  if (!url.pathname.toLowerCase().startsWith(`${basePath}/`)) return undefined;
  const path = url.pathname.slice(basePath.length);
  switch (path) {
    case '/security/login':
      return 'login';
    case '/security/logout':
      return 'logout';
    case '/version':
      return 'version';
    case '/security/validateCookieToken':
      // D: first documented in 6.5 (6.5/ic-web.rest.security.validateCookieToken).
      return isSince(version, '6.5') ? 'validateCookieToken' : undefined;
    default:
      return TABLE_PATH.test(path) ? 'rows' : undefined;
  }
}

const TABLE_PATH = /^\/bo\/([^/]+)\/?$/;

/** D: login is POST in 6.9 and GET in 6.3 to 6.8 (ic-web.rest.security.login); all else is GET. */
function verbOf(route: NexusIcRoute, version: NexusIcVersion): 'GET' | 'POST' {
  return route === 'login' && isSince(version, '6.9') ? 'POST' : 'GET';
}

/** D: all results are JSON (ic-web.rest.v2). */
function answer(
  icWeb: IcWeb,
  request: Request,
  url: URL,
  route: NexusIcRoute | undefined,
): Response {
  const { settings } = icWeb;
  if (route === undefined) {
    return failure(settings, request.method === 'POST' ? settings.postToMissingPath : 404);
  }
  const verb = verbOf(route, settings.version);
  if (request.method !== verb) {
    // RFC 9110, 15.5.6: a 405 says what would have been right.
    const allow = settings.wrongVerb === 405 ? { allow: verb } : {};
    return failure(settings, settings.wrongVerb, allow);
  }
  switch (route) {
    case 'login':
      return login(icWeb, request);
    case 'logout':
      return logout(icWeb, url);
    case 'version':
      return version(icWeb, url);
    case 'rows':
      return rows(icWeb, url);
    case 'validateCookieToken':
      return validateCookieToken(icWeb, url);
  }
}

/**
 * D: 200 with a SecurityHash; 401 for a wrong token, key, or user name and password
 * (ic-web.rest.security.login). I: 401 as well without credentials or with some that cannot be
 * read; and each login makes a new hash, beside those the user has.
 */
function login({ settings, directory, sessions }: IcWeb, request: Request): Response {
  const credentials = readAuthorization(request.headers.get('authorization'));
  const user = credentials && directory.find(credentials);
  if (!user) return failure(settings, 401);
  return json(securityHash(sessions.open(user.username), user, settings.version));
}

/**
 * D: the fields and their types; `allowPasswordChange` since 6.6, `name` since 6.8, left out when
 * blank. I: `name` is a string, though the page says Boolean.
 */
function securityHash(hash: string, user: KnownUser, version: NexusIcVersion) {
  return {
    hash,
    id: user.id,
    username: user.username,
    license: user.license ?? 'write',
    ...(isSince(version, '6.6') && { allowPasswordChange: user.allowPasswordChange ?? false }),
    ...(isSince(version, '6.8') && user.name?.trim() && { name: user.name }),
  };
}

/** D: 200, or 404 for an invalid hash (ic-web.rest.security.logout). I: 200 has no body. */
function logout({ settings, sessions }: IcWeb, url: URL): Response {
  return sessions.close(hashIn(url)) ? new Response(null) : failure(settings, 404);
}

/**
 * C: `{version, schema}`, both strings of numbers with dots between, as pynexusic takes them apart.
 * I: that a hash is needed, and every figure after the first two.
 */
function version({ settings, sessions }: IcWeb, url: URL): Response {
  if (!sessions.use(hashIn(url))) return invalidHash(settings);
  return json({ version: `${settings.version}.0.0`, schema: `${settings.version}.0` });
}

/**
 * D: `startRow` (default 0), `pageSize` (default 100), and an answer of type TableData
 * (ic-web.rest.bo.getrows, .getrow). Its `stamp` is optional and left out: pages are then not of
 * one result set, which is documented. I: no `key`, since a listing has no single one; 404 for an
 * unknown table; the default for a number that cannot be read.
 * The headers X-NEXUS-Filter and X-NEXUS-Sort are accepted and **not applied**; the journal has them.
 */
function rows({ settings, sessions }: IcWeb, url: URL): Response {
  if (!sessions.use(hashIn(url))) return invalidHash(settings);
  const table = decodeURIComponent(TABLE_PATH.exec(pathIn(url, settings))?.[1] ?? '');
  const all = Object.hasOwn(settings.tables, table) ? settings.tables[table] : undefined;
  if (!all) return failure(settings, 404);

  const startRow = wholeNumber(url.searchParams.get('startRow')) ?? 0;
  const pageSize = wholeNumber(url.searchParams.get('pageSize')) ?? 100;
  return json({
    startRow,
    pageSize,
    totalRows: all.length,
    rows: all.slice(startRow, startRow + pageSize),
  });
}

/**
 * D: a single-use token for one that lasts 90 days, as `{token}`; 401 for an invalid one
 * (6.5/ic-web.rest.security.validateCookieToken). I: that the single-use one is the email token.
 */
function validateCookieToken({ settings, directory }: IcWeb, url: URL): Response {
  const token = directory.swapEmailToken(url.searchParams.get('token') ?? '');
  return token === undefined ? failure(settings, 401) : json({ token });
}

/** D: the hash is the query parameter `hash` (ic-web.rest.security.logout, REST examples). */
function hashIn(url: URL): string {
  return url.searchParams.get('hash') ?? '';
}

function pathIn(url: URL, { basePath }: Settings): string {
  return url.pathname.slice(basePath.length);
}

// ---- answers -----------------------------------------------------------------------------------

function invalidHash(settings: Settings): Response {
  if (settings.invalidHash === 'login page') return page(LOGIN_PAGE);
  return failure(settings, settings.invalidHash);
}

/** I: the body of an error is not documented, so it is what the installation says. */
function failure(
  { errorBody }: Settings,
  status: number,
  headers: Record<string, string> = {},
): Response {
  const reason = REASONS[status] ?? 'Error';
  switch (errorBody) {
    case 'empty':
      return new Response(null, { status, headers });
    case 'text':
      return new Response(`${status} ${reason}`, {
        status,
        headers: { 'content-type': 'text/plain', ...headers },
      });
    case 'html': {
      const html = page(`<!DOCTYPE html>\n<title>${status} - ${reason}</title>\n`, status);
      for (const [name, value] of Object.entries(headers)) html.headers.set(name, value);
      return html;
    }
  }
}

const REASONS: Record<number, string> = {
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
};

// ---- who may come in ---------------------------------------------------------------------------

type Credentials =
  | { type: 'BASIC'; username: string; password: string }
  | { type: 'APIKEY'; apiKey: string }
  | { type: 'TOKEN'; token: string };

/**
 * D: `Authorization: {type} {value}` with BASIC, APIKEY or TOKEN, and the value in base 64
 * (ic-web.rest.security.login); 6.9's PowerShell page writes `apikey`, so the case does not matter.
 * I: what is encoded is UTF-8; a user name has no `:`, so the first one ends it.
 */
function readAuthorization(header: string | null): Credentials | undefined {
  const [, type, value] = /^([a-z]+) +([a-z0-9+/]+={0,2})$/i.exec(header ?? '') ?? [];
  if (type === undefined || value === undefined || value.length % 4 !== 0) return undefined;
  const text = Buffer.from(value, 'base64').toString('utf8');

  switch (type.toUpperCase()) {
    case 'BASIC': {
      const colon = text.indexOf(':');
      if (colon === -1) return undefined;
      return { type: 'BASIC', username: text.slice(0, colon), password: text.slice(colon + 1) };
    }
    case 'APIKEY':
      return { type: 'APIKEY', apiKey: text };
    case 'TOKEN':
      return { type: 'TOKEN', token: text };
    default:
      return undefined;
  }
}

interface KnownUser extends User {
  id: number;
}

/** The users and their tokens. I: user names are matched to the letter. */
class Directory {
  readonly #users: KnownUser[];
  readonly #permanentTokens = new Map<string, { user: KnownUser; expires: number }>();
  readonly #clock: Clock;
  readonly #random: (size: number) => Uint8Array;

  constructor(users: readonly User[], clock: Clock, random: (size: number) => Uint8Array) {
    this.#users = users.map((user, index) => ({ id: index + 1, ...user }));
    this.#clock = clock;
    this.#random = random;
  }

  find(credentials: Credentials): KnownUser | undefined {
    switch (credentials.type) {
      case 'BASIC':
        return this.#users.find(
          ({ username, password }) =>
            username === credentials.username && password === credentials.password,
        );
      case 'APIKEY':
        return this.#users.find(({ apiKey }) => apiKey === credentials.apiKey);
      case 'TOKEN':
        return this.#byToken(credentials.token);
    }
  }

  /**
   * D: TOKEN carries the emailToken. I: logging in does not use it up, only the swap does; and the
   * permanent token of the swap, "for subsequent authorisation", logs in likewise.
   */
  #byToken(token: string): KnownUser | undefined {
    const permanent = this.#permanentTokens.get(token);
    if (permanent) return this.#clock.now() < permanent.expires ? permanent.user : undefined;
    return this.#users.find(({ emailToken }) => emailToken === token);
  }

  /** The permanent token, or undefined for one that is unknown or has been swapped before. */
  swapEmailToken(emailToken: string): string | undefined {
    const user = this.#users.find((known) => known.emailToken === emailToken);
    if (!user) return undefined;
    delete user.emailToken;
    const token = this.#newToken();
    this.#permanentTokens.set(token, { user, expires: this.#clock.now() + 90 * DAY });
    return token;
  }

  issueEmailToken(username: string): string {
    return (this.#named(username).emailToken = this.#newToken());
  }

  changePassword(username: string, password: string): void {
    this.#named(username).password = password;
  }

  #named(username: string): KnownUser {
    const user = this.#users.find((known) => known.username === username);
    if (!user) throw new Error(`The simulator has no user ${username}`);
    return user;
  }

  /** I: of the hash's digits, as is the example on the login page; the length is made up. */
  #newToken(): string {
    return upperHex(this.#random(20));
  }
}

// ---- how long a session lives ------------------------------------------------------------------

/**
 * D: a hash expires 60 minutes after its last use (ic-web.rest.security.login). D: and everyone is
 * logged out after 10 minutes in which nobody used the whole server (6.9's technical specification).
 * I: use is a login that succeeded or a call with a valid hash; a refused request is none. A limit
 * is over once that time has passed, to the millisecond.
 */
class Sessions {
  readonly #byHash: IdleSessions<Session>;
  readonly #settings: Settings;
  #serverLastUsed: number;

  constructor(settings: Settings) {
    this.#byHash = new IdleSessions(settings.clock, settings.hashIdleMs);
    this.#settings = settings;
    this.#serverLastUsed = settings.clock.now();
  }

  /** A new hash for a user who may come in. */
  open(username: string): string {
    const now = this.#useServer();
    // D: a hundred upper-case hexadecimal digits, by the login page's example.
    const hash = upperHex(this.#settings.random(50));
    this.#byHash.open(hash, { hash, username, since: now, lastUsed: now });
    return hash;
  }

  /** Extends a hash; false where it is not valid, or no longer. */
  use(hash: string): boolean {
    this.#endIdleServer();
    if (!this.#byHash.use(hash)) return false;
    this.#useServer();
    return true;
  }

  /** Logs a hash out; false where it is not valid, or no longer. */
  close(hash: string): boolean {
    return this.use(hash) && this.#byHash.close(hash);
  }

  forget(): void {
    this.#byHash.forget();
  }

  live(): ReadonlyMap<string, Session> {
    this.#endIdleServer();
    return this.#byHash.live();
  }

  #useServer(): number {
    this.#endIdleServer();
    return (this.#serverLastUsed = this.#settings.clock.now());
  }

  #endIdleServer(): void {
    const idle = this.#settings.clock.now() - this.#serverLastUsed;
    if (idle >= this.#settings.serverIdleMs) this.#byHash.forget();
  }
}

function upperHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
