/**
 * Simulates IC-Web, the web server of NEXUS IC (Wood): `icweb.dll`, an ISAPI extension on IIS. Comments name their source:
 * *Documented* is docs.nexusic.com, 6.3 to 6.9; *Clients* is public client code (pynexusic); *Inferred* is inferred or chosen here.
 * If installations may differ in an inferred fact, the fact is an option. Otherwise the simulator does what is harder for a client.
 */
import { randomBytes } from 'node:crypto';
import { json, page } from './answers.ts';
import { LOGIN_PAGE } from './faults.ts';
import { startServer, type ServerOptions, type SimulatedServer } from './http-server.ts';
import { IdleSessions } from './idle-sessions.ts';

// ---- routes ------------------------------------------------------------------------------------

const ROUTES: Readonly<Record<string, NexusIcRoute>> = {
  // Documented: ic-web.rest.security.login. A login is a POST in 6.9, and a GET in 6.3 to 6.8.
  '/security/login': 'login',
  // Documented: ic-web.rest.security.logout. A logout is a GET.
  '/security/logout': 'logout',
  // Clients: the request for the version is a GET.
  '/version': 'version',
};

export type NexusIcRoute = 'login' | 'logout' | 'version' | 'table';

/** Documented, Clients: a table has the path `bo/{table}/`. */
const TABLE = /^\/bo\/([^/]+)\/?$/;

function answer(
  icWeb: IcWeb,
  request: Request,
  url: URL,
  route: NexusIcRoute,
): Response | Promise<Response> {
  const { settings } = icWeb;
  if (route === 'table') return table(icWeb, request, url);
  const verb = route === 'login' && isSince(settings.version, '6.9') ? 'POST' : 'GET';
  if (request.method !== verb) {
    // RFC 9110, 15.5.6: a 405 must name the right method.
    const allow = settings.wrongVerb === 405 ? { allow: verb } : {};
    return failure(settings, settings.wrongVerb, allow);
  }
  // Documented: each later request has the hash in its query, never in a header (REST examples).
  const hash = url.searchParams.get('hash') ?? '';
  switch (route) {
    case 'login':
      return login(icWeb, request);
    case 'logout':
      return logout(icWeb, hash);
    case 'version':
      return version(icWeb, hash);
  }
}

/**
 * Documented: a login answers 200 with a SecurityHash, or 401 for a wrong token, key, or user name and password.
 * Inferred: a login without credentials, or when all licences are in use, answers 401 too.
 * Inferred: each login makes another hash, and ends no earlier hash.
 */
function login({ settings, users, sessions }: IcWeb, request: Request): Response {
  const user = findUser(users, request.headers.get('authorization'));
  if (!user || sessions.live().size >= settings.licences) return failure(settings, 401);
  return json({
    hash: sessions.open(user.username),
    id: user.id ?? users.indexOf(user) + 1,
    username: user.username,
    license: user.license ?? 'write',
    ...(isSince(settings.version, '6.6') && { allowPasswordChange: false }),
    // Documented: a blank name is left out. Inferred: the name is a text, although the page says Boolean.
    ...(isSince(settings.version, '6.8') && user.name && { name: user.name }),
  });
}

/** Documented: a logout answers 200, or 404 for an invalid hash. Inferred: the 200 has no body. */
function logout({ settings, sessions }: IcWeb, hash: string): Response {
  return sessions.close(hash) ? new Response(null) : failure(settings, 404);
}

/**
 * Clients: the answer is `{version, schema}`, and both are numbers with dots between them. Inferred: their last numbers are
 * chosen here.
 * Inferred: without a hash, the answer is 401, even if the installation answers an invalid hash differently.
 */
function version({ settings, sessions }: IcWeb, hash: string): Response {
  return (
    refuseHash(settings, sessions, hash) ??
    json({ version: `${settings.version}.0.0`, schema: `${settings.version}.0` })
  );
}

function refuseHash(settings: Settings, sessions: Sessions, hash: string): Response | undefined {
  if (hash === '') return failure(settings, 401);
  if (sessions.use(hash)) return undefined;
  const { invalidHash } = settings;
  return invalidHash === 'login page' ? page(LOGIN_PAGE) : failure(settings, invalidHash);
}

/**
 * Documented, Clients: the query has `startRow` and `pageSize`, 100 by default. The answer has `rows` and `totalRows`.
 * Inferred: a row is an object. HEAD answers as GET, and POST adds a row.
 */
async function table({ settings, sessions }: IcWeb, request: Request, url: URL): Promise<Response> {
  const { searchParams: query, pathname } = url;
  const refused = refuseHash(settings, sessions, query.get('hash') ?? '');
  if (refused) return refused;
  const rows = settings.tables[/\/bo\/([^/]+)/.exec(pathname)![1]!];
  if (!rows) return failure(settings, 404);
  if (request.method === 'POST') {
    rows.push((await request.json()) as Row);
    return json(rows.at(-1), 201);
  }
  if (!['GET', 'HEAD'].includes(request.method)) return failure(settings, 405);
  const start = Number(query.get('startRow') ?? 0);
  const size = Number(query.get('pageSize') ?? 100);
  return json({ rows: rows.slice(start, start + size), totalRows: rows.length });
}

/** Inferred: the documentation does not describe the bodies of errors. */
function failure(
  { errorBody }: Settings,
  status: number,
  headers: Record<string, string> = {},
): Response {
  const { body, type } = {
    empty: { body: null, type: undefined },
    text: { body: `Error ${status}`, type: 'text/plain' },
    html: { body: `<!DOCTYPE html>\n<title>Error ${status}</title>\n`, type: 'text/html' },
  }[errorBody];
  return new Response(body, {
    status,
    headers: { ...(type && { 'content-type': type }), ...headers },
  });
}

// ---- credentials -------------------------------------------------------------------------------

/**
 * Documented: the header is `Authorization: {type} {value}`. The type is BASIC, APIKEY or TOKEN, and the value is in base 64.
 * The PowerShell page of 6.9 writes `apikey`, so upper and lower case are the same. Inferred: the text is UTF-8.
 */
function findUser(users: readonly User[], header: string | null): User | undefined {
  const [, type, value] = /^([a-z]+) +([a-z0-9+/]+={0,2})$/i.exec(header ?? '') ?? [];
  if (type === undefined || value === undefined || value.length % 4 !== 0) return undefined;
  const secret = Buffer.from(value, 'base64').toString('utf8');
  switch (type.toUpperCase()) {
    case 'BASIC':
      return users.find(
        ({ username, password }) => password !== undefined && `${username}:${password}` === secret,
      );
    case 'APIKEY':
      return users.find(({ apiKey }) => apiKey === secret);
    case 'TOKEN':
      // Inferred: a token stays valid after a login.
      return users.find(({ emailToken }) => emailToken === secret);
    default:
      return undefined;
  }
}

// ---- sessions ----------------------------------------------------------------------------------

/**
 * Documented: a hash expires 60 minutes after its last use (ic-web.rest.security.login).
 * Documented: all hashes expire after 10 minutes in which nobody used the server (6.9, technical specification).
 * Inferred: a refused request does not count as use.
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

  open(username: string): string {
    const since = this.#useServer();
    // Documented: in the example of ic-web.rest.security.login, a hash has a hundred upper-case hexadecimal digits.
    const hash = Buffer.from(this.#settings.random(50)).toString('hex').toUpperCase();
    this.#byHash.open(hash, { hash, username, since, lastUsed: since });
    return hash;
  }

  /**
   * Extends a session.
   * @returns false for an invalid hash
   */
  use(hash: string): boolean {
    this.#endIfServerIdle();
    if (!this.#byHash.use(hash)) return false;
    this.#useServer();
    return true;
  }

  /** @returns false for an invalid hash */
  close(hash: string): boolean {
    return this.use(hash) && this.#byHash.close(hash);
  }

  clear(): void {
    this.#byHash.clear();
  }

  live(): ReadonlyMap<string, Session> {
    this.#endIfServerIdle();
    return this.#byHash.live();
  }

  #useServer(): number {
    this.#endIfServerIdle();
    return (this.#serverLastUsed = this.#settings.clock.now());
  }

  #endIfServerIdle(): void {
    const idleMs = this.#settings.clock.now() - this.#serverLastUsed;
    if (idleMs >= this.#settings.serverIdleMs) this.#byHash.clear();
  }
}

// ---- an installation ---------------------------------------------------------------------------

const VERSIONS = ['6.3', '6.4', '6.5', '6.6', '6.7', '6.8', '6.9'] as const;
export type NexusIcVersion = (typeof VERSIONS)[number];

function isSince(version: NexusIcVersion, first: NexusIcVersion): boolean {
  return VERSIONS.indexOf(version) >= VERSIONS.indexOf(first);
}

export interface User {
  username: string;
  /** A password may contain `:`. */
  password?: string;
  apiKey?: string;
  emailToken?: string;
  /** The default is the user's place in the list of users: 1, 2, … */
  id?: number;
  /** The licence, which is `write` by default. */
  license?: 'write' | 'readonly';
  name?: string;
}

export interface Session {
  readonly hash: string;
  readonly username: string;
  /** The times `since` and `lastUsed` are by the simulator's clock. */
  readonly since: number;
  readonly lastUsed: number;
}

export type Row = Readonly<Record<string, unknown>>;

export interface NexusIcOptions extends ServerOptions {
  /** The version, which is `6.9` by default. */
  version?: NexusIcVersion;
  /** Documented: the path is `/data/icweb.dll` in 6.9's examples (the default), and `/icweb.dll` on the reference pages. */
  basePath?: string;
  users?: readonly User[];
  /**
   * Clients: one host can have several databases. Each database has an IC-Web of its own, under a path prefix.
   * This option holds the users of each further database, by the path of its `icweb.dll`.
   */
  databases?: Readonly<Record<string, readonly User[]>>;
  /** Inferred: every database has the same rows in each table. The default is 25 rows in `Workpack`. */
  tables?: Readonly<Record<string, Row[]>>;

  /** A hash expires if it is unused for this long. The default is 60 minutes. */
  hashIdleMs?: number;
  /**
   * Documented: all hashes expire if nobody uses the server for this long. An administrator sets this time. The default is 10
   * minutes.
   */
  serverIdleMs?: number;

  /** Documented: each live session uses a licence. By default there is no limit. */
  licences?: number;

  /** Inferred: the answer to a wrong method on a known route. The default is 405. */
  wrongVerb?: 405 | 404;
  /** Inferred: the answer to a POST to an unknown path. The default is 404; some IIS handlers answer 405. */
  postToMissingPath?: 404 | 405;
  /** Inferred: the answer to a hash that is wrong or has expired. The default is 401. */
  invalidHash?: 401 | 404 | 'login page';
  /** Inferred: the body of an error, which is empty by default. */
  errorBody?: 'empty' | 'text' | 'html';

  /** @returns `size` random bytes; the default is node:crypto's `randomBytes` */
  random?: (size: number) => Uint8Array;
}

export interface Database {
  /** The base URL without a slash at the end. */
  readonly baseUrl: string;
  /** The live sessions, by hash. */
  readonly sessions: ReadonlyMap<string, Session>;
  /** Counts every request that reached the login of this database, even if it was refused. */
  readonly loginRequests: number;
  /** Loses all sessions, as a restart of IC-Web does. */
  forgetSessions(): void;
  /** Inferred: a changed password ends no session. */
  changePassword(username: string, password: string): void;
}

/** The properties of `Database` are those of the server's first database. */
export interface NexusIc extends SimulatedServer<NexusIcRoute>, Database {
  readonly version: NexusIcVersion;
  /** @returns the database whose `icweb.dll` has this path */
  database(path: string): Database;
}

const MINUTE = 60_000;

const DEFAULTS = {
  version: '6.9',
  basePath: '/data/icweb.dll',
  users: [],
  databases: {},
  hashIdleMs: 60 * MINUTE,
  serverIdleMs: 10 * MINUTE,
  licences: Infinity,
  wrongVerb: 405,
  postToMissingPath: 404,
  invalidHash: 401,
  errorBody: 'empty',
  random: (size) => randomBytes(size),
} satisfies Omit<NexusIcOptions, 'clock'>;

type Settings = Required<Omit<NexusIcOptions, Exclude<keyof ServerOptions, 'clock'>>>;

interface IcWeb {
  path: string;
  users: User[];
  sessions: Sessions;
  settings: Settings;
}

export async function startNexusIc(options: NexusIcOptions): Promise<NexusIc> {
  const tables = {
    Workpack: Array.from({ length: 25 }, (_, i) => ({ Name: `Workpack ${i + 1}` })),
  };
  const settings: Settings = { ...DEFAULTS, tables, ...options };
  const paths = { [settings.basePath]: settings.users, ...settings.databases };
  const icWebs = Object.entries(paths).map(([path, users]): IcWeb => {
    const copies = users.map((user) => ({ ...user }));
    return { path, users: copies, sessions: new Sessions(settings), settings };
  });
  // Inferred: IIS ignores upper and lower case in the path to the extension. The extension itself does not.
  const icWebAt = ({ pathname }: URL) =>
    icWebs.find(({ path }) => pathname.toLowerCase().startsWith(`${path.toLowerCase()}/`));

  const server = await startServer<NexusIcRoute>(
    {
      routeOf(url) {
        const icWeb = icWebAt(url);
        if (!icWeb) return undefined;
        const path = url.pathname.slice(icWeb.path.length);
        return TABLE.test(path) ? 'table' : ROUTES[path];
      },
      answer(request, url, route) {
        const icWeb = icWebAt(url);
        if (icWeb && route) return answer(icWeb, request, url, route);
        return failure(settings, request.method === 'POST' ? settings.postToMissingPath : 404);
      },
    },
    settings,
  );

  function database(path: string): Database {
    const icWeb = icWebs.find((icWeb) => icWeb.path === path);
    if (!icWeb) throw new Error(`The simulator has no database at ${path}`);
    return {
      baseUrl: server.origin + path,
      get sessions() {
        return icWeb.sessions.live();
      },
      get loginRequests() {
        return server.journal.countPath(`${path}/security/login`);
      },
      forgetSessions: () => icWeb.sessions.clear(),
      changePassword(username, password) {
        const user = icWeb.users.find((user) => user.username === username);
        if (!user) throw new Error(`The simulator has no user ${username}`);
        user.password = password;
      },
    };
  }

  // Do not spread the database: a spread would turn its getters into values.
  return Object.assign(database(settings.basePath), server, {
    version: settings.version,
    database,
  });
}
