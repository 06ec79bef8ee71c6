/**
 * Simulates RIB CX (formerly iTWO cx): the part of its API that signs in and lists projects. Comments name their source:
 * *Documented* is the vendor's knowledge base, space cxKB; *Clients* is public client code; *Inferred* is inferred or chosen here.
 * If hosts may differ in an inferred fact, the fact is an option. Otherwise the simulator does what is harder for a client.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { json, page } from './answers.ts';
import { LOGIN_PAGE } from './faults.ts';
import { startServer, type ServerOptions, type SimulatedServer } from './http-server.ts';
import { IdleSessions } from './idle-sessions.ts';

// ---- routes ------------------------------------------------------------------------------------

/**
 * The paths below `/api/{version}`. Documented: the paths of the logins ("Logging In"). Clients: Project/Get.
 * Inferred: a path may be in upper or lower case, as in ASP.NET.
 */
const ROUTES: Readonly<Record<string, RibCxRoute>> = {
  '/api/login/encryptpassword': 'encryptPassword',
  '/api/login/byemail': 'loginByEmail',
  '/api/login/byusertoken': 'loginByUserToken',
  '/api/project/get': 'projects',
  '/api/help/index': 'explorer',
};

/** Documented: the path is `cxR` on one page, and `CXR` on another ("Power Query with SSO Login Example"). */
const RETURN_URL_PATH = '/cxr/authentication';

export type RibCxRoute =
  | 'encryptPassword'
  | 'loginByEmail'
  | 'loginByUserToken'
  | 'projects'
  | 'explorer'
  /** The Return URL of the sign-in with Microsoft, which no client may ever request. */
  | 'returnUrl';

async function answer(
  cx: Cx,
  request: Request,
  url: URL,
  route: RibCxRoute | undefined,
): Promise<Response> {
  if (isBlocked(request, url)) return page(FIREWALL_PAGE, 403);
  // Inferred: these two errors look like those of ASP.NET's Web API.
  if (route === undefined) return json({ Message: `Nothing was found at ${url.pathname}.` }, 404);
  const verb = route.startsWith('login') || route === 'encryptPassword' ? 'POST' : 'GET';
  if (request.method !== verb) {
    return json({ Message: `${request.method} is not supported.` }, 405, { allow: verb });
  }
  switch (route) {
    case 'encryptPassword':
      return encryptPassword(cx, request);
    case 'loginByEmail':
      return loginByEmail(cx, request);
    case 'loginByUserToken':
      return loginByUserToken(cx, request);
    case 'projects':
      return projects(cx, request, url);
    case 'explorer':
      return page(EXPLORER_PAGE);
    case 'returnUrl':
      return page('<!DOCTYPE html>\n<title>RIB CX</title>\n');
  }
}

/**
 * Acts as the web application firewall. Documented: every request needs a User-Agent like a browser's ("Power Query with SSO Login
 * Example").
 * Clients: the firewall blocks an Origin or Referer from elsewhere, and an empty header.
 */
function isBlocked({ headers }: Request, { origin }: URL): boolean {
  const isBrowserLike = headers.get('user-agent')?.includes('Mozilla/5.0') ?? false;
  const isForeign = [headers.get('origin'), headers.get('referer')].some(
    (from) => from !== null && !`${from}/`.startsWith(`${origin}/`),
  );
  return !isBrowserLike || isForeign || [...headers.values()].includes('');
}

// ---- signing in --------------------------------------------------------------------------------

/** Clients: the request has `{"Password"}`. The answer is a JSON text or `null`. */
async function encryptPassword(cx: Cx, request: Request): Promise<Response> {
  const fields = await readFields(request, ['Password']);
  if (fields instanceof Response) return fields;
  return json(cx.settings.encryptPassword === 'null' ? null : encrypt(cx, fields.Password));
}

/** Documented: the request has `{"Email", "EncryptedPassword"}`, and the answer is a session key ("Logging In"). */
async function loginByEmail(cx: Cx, request: Request): Promise<Response> {
  const fields = await readFields(request, ['Email', 'EncryptedPassword']);
  if (fields instanceof Response) return fields;
  const user = findUser(cx, fields.Email);
  if (user?.password === undefined || encrypt(cx, user.password) !== fields.EncryptedPassword) {
    return refuse(cx, 'The email address or password is incorrect.');
  }
  // Documented: in some projects, passwords expire ("Logging In").
  if (cx.expiredPasswords.has(user)) {
    return refuse(cx, 'Your password has expired. Please log in to change it.');
  }
  return acceptLogin(cx, user);
}

/**
 * Gives a session key for an access token; the request's body is empty.
 * Documented: the token is in `Authorization: Bearer` on the current pages, and in a header `Bearer` on the older page ("Logging
 * In").
 * Inferred: the simulator requires both headers, because nothing says which of them a host reads.
 */
async function loginByUserToken(cx: Cx, request: Request): Promise<Response> {
  if ((await request.text()) !== '') return json({ Message: 'The body must be empty.' }, 400);
  const token = request.headers.get('bearer');
  const isBoth = token !== null && request.headers.get('authorization') === `Bearer ${token}`;
  const owner = isBoth ? cx.settings.verifyToken(token) : undefined;
  const user = owner && findUser(cx, owner.email);
  return user ? acceptLogin(cx, user) : refuse(cx, 'The user token is not valid.');
}

/** Inferred: each login makes another key and ends no earlier key. The form of a key is invented too. */
function acceptLogin({ settings, sessions }: Cx, { email }: RibCxUser): Response {
  const now = settings.clock.now();
  // These characters must be escaped in a URL or a regular expression.
  const key = Buffer.from(settings.random(33)).toString('base64') + '+/=';
  sessions.open(key, { key, email, since: now, lastUsed: now });
  switch (settings.loginAnswer) {
    case 'result':
      return json({ Key: key, IsSuccess: true, ErrorMessages: [] });
    case 'key only':
      return json({ Key: key });
    case 'session key':
      return json({ SessionKey: key, IsSuccess: true, ErrorMessages: [] });
    case 'string':
      return json(key);
  }
}

function refuse({ settings }: Cx, message: string): Response {
  switch (settings.refusal) {
    case 'ErrorMessages':
      return json({ Key: null, IsSuccess: false, ErrorMessages: [message] });
    case 'Message':
      return json({ IsSuccess: false, Message: message });
    case 401:
      return json({ Message: message }, 401);
  }
}

/** Inferred: as Web API does, refuses a body that is not JSON, has another Content-Type, or lacks a field. */
async function readFields<Field extends string>(
  request: Request,
  fields: readonly Field[],
): Promise<Record<Field, string> | Response> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    return json({ Message: "The request's media type is not supported." }, 415);
  }
  const body = (await request.json().catch(() => undefined)) as Record<string, unknown> | undefined;
  if (fields.some((field) => typeof body?.[field] !== 'string')) {
    return json({ Message: 'The request is invalid.' }, 400);
  }
  return body as Record<Field, string>;
}

/**
 * Inferred: the same password always gives the same text, which begins with the host's salt. Another host cannot use that text.
 */
function encrypt({ salt, secret }: Cx, password: string): string {
  const encrypted = createHmac('sha256', secret).update(password).digest();
  return Buffer.concat([salt, encrypted]).toString('base64');
}

/** Inferred: upper and lower case are the same, because Microsoft may write an address differently. */
function findUser({ users }: Cx, email: string): RibCxUser | undefined {
  return users.find((user) => user.email.toLowerCase() === email.toLowerCase());
}

// ---- with a session key ------------------------------------------------------------------------

/**
 * Documented: the key is in the request header `key` ("Logging In"). Clients: the query has `skip` and `take`. The filter
 * `timestamp` matches nothing here. The answer is `{Items, NextPageLink, Count}`. Inferred: `Count` counts all items, and
 * `NextPageLink` is a whole URL, or null at the end.
 */
function projects({ settings, sessions }: Cx, request: Request, url: URL): Response {
  if (!sessions.use(request.headers.get('key') ?? '')) {
    if (settings.invalidKey === 'login page') return page(LOGIN_PAGE);
    return json({ Message: 'Authorization has been denied for this request.' }, 401);
  }
  const { searchParams: query } = url;
  const all = query.has('timestamp') ? [] : settings.projects;
  const skip = Number(query.get('skip') ?? 0);
  const take = Math.min(Number(query.get('take') ?? Infinity), settings.pageSizeCap);
  const next = skip + take;
  return json({
    Items: all.slice(skip, next),
    NextPageLink:
      next < all.length ? `${url.origin}${url.pathname}?skip=${next}&take=${take}` : null,
    Count: all.length,
  });
}

// ---- pages -------------------------------------------------------------------------------------

const FIREWALL_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Request Rejected</title></head>
<body>The requested URL was rejected. Please consult with your administrator.</body></html>
`;

/** Documented: a user pastes the key into the box api_key ("Logging In"). */
const EXPLORER_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>RIB CX API</title></head>
<body><form><input name="api_key" placeholder="api_key" aria-label="api_key">
<button type="button">Explore</button></form></body></html>
`;

// ---- an installation ---------------------------------------------------------------------------

export interface RibCxUser {
  email: string;
  /** A user without a password can only sign in with Microsoft. */
  password?: string;
}

export interface RibCxSession {
  readonly key: string;
  readonly email: string;
  /** The times `since` and `lastUsed` are by the simulator's clock. */
  readonly since: number;
  readonly lastUsed: number;
}

export type Project = Record<string, unknown> & { Name: string };

export interface RibCxOptions extends ServerOptions {
  /** Documented: the version is `latest` on the older pages (the default), and 24.08 and the like on newer pages. */
  version?: string;
  users?: readonly RibCxUser[];
  /** Clients: each project has a `Name`. */
  projects?: readonly Project[];
  /**
   * The Entra simulator offers this function.
   * @returns the owner of a valid access token for RIB CX
   */
  verifyToken?: (token: string) => { email: string } | undefined;

  /** Clients: EncryptPassword may answer `null`. The default is `ciphertext`. */
  encryptPassword?: 'ciphertext' | 'null';
  /**
   * Documented: the answer is an object with `Key`. Clients: it also has `IsSuccess` and `ErrorMessages` (the default).
   * Clients: the answer may have `SessionKey` instead of `Key`, or may be only a text.
   */
  loginAnswer?: 'result' | 'key only' | 'session key' | 'string';
  /**
   * Clients: a refusal is a 200 with `IsSuccess: false` and `ErrorMessages` (the default) or `Message`. Inferred: a refusal may
   * be a 401.
   */
  refusal?: 'ErrorMessages' | 'Message' | 401;
  /**
   * The answer to a key that is wrong or has expired. Inferred: the answer is a 401 (the default). Clients: the answer is a login
   * page with 200.
   */
  invalidKey?: 401 | 'login page';

  /** Inferred: no page says how long an unused key stays valid. The default is 60 minutes. */
  keyIdleMs?: number;
  /** Inferred: the maximum number of projects in one answer. The default is 100. */
  pageSizeCap?: number;

  /** @returns `size` random bytes; the default is node:crypto's `randomBytes` */
  random?: (size: number) => Uint8Array;
}

export interface RibCx extends SimulatedServer<RibCxRoute> {
  /** The base URL without a slash at the end. */
  readonly baseUrl: string;
  /** The live sessions, by key. */
  readonly sessions: ReadonlyMap<string, RibCxSession>;
  /** Counts every request that reached one of the two logins, even if it was refused. */
  readonly loginRequests: number;
  /** Loses all sessions, as a restart of RIB CX does. */
  forgetSessions(): void;
  /** Inferred: a changed password ends no session. */
  changePassword(email: string, password: string): void;
  /** Inferred: an expired password ends no session. */
  expirePassword(email: string): void;
}

const DEFAULTS = {
  version: 'latest',
  users: [],
  projects: [{ Name: 'Harbour Crossing' }, { Name: 'North Terminal' }, { Name: 'Ridge Tunnel' }],
  verifyToken: () => undefined,
  encryptPassword: 'ciphertext',
  loginAnswer: 'result',
  refusal: 'ErrorMessages',
  invalidKey: 401,
  keyIdleMs: 60 * 60_000,
  pageSizeCap: 100,
  random: (size) => randomBytes(size),
} satisfies Omit<RibCxOptions, 'clock'>;

type Settings = Required<Omit<RibCxOptions, Exclude<keyof ServerOptions, 'clock'>>>;

interface Cx {
  settings: Settings;
  users: RibCxUser[];
  expiredPasswords: Set<RibCxUser>;
  sessions: IdleSessions<RibCxSession>;
  /** The salt and the secret encrypt passwords. */
  salt: Uint8Array;
  secret: Uint8Array;
}

export async function startRibCx(options: RibCxOptions): Promise<RibCx> {
  const settings: Settings = { ...DEFAULTS, ...options };
  const cx: Cx = {
    settings,
    users: settings.users.map((user) => ({ ...user })),
    expiredPasswords: new Set(),
    sessions: new IdleSessions(settings.clock, settings.keyIdleMs),
    salt: settings.random(12),
    secret: settings.random(32),
  };
  const base = `/api/${settings.version}`;
  const server = await startServer<RibCxRoute>(
    {
      routeOf({ pathname }) {
        const path = pathname.toLowerCase();
        if (path === RETURN_URL_PATH) return 'returnUrl';
        return path.startsWith(`${base}/`) ? ROUTES[path.slice(base.length)] : undefined;
      },
      answer: (request, url, route) => answer(cx, request, url, route),
    },
    settings,
  );

  return {
    ...server,
    baseUrl: server.origin + base,
    get sessions() {
      return cx.sessions.live();
    },
    get loginRequests() {
      return server.journal.count('loginByEmail') + server.journal.count('loginByUserToken');
    },
    forgetSessions: () => cx.sessions.clear(),
    changePassword(email, password) {
      const user = knownUser(cx, email);
      user.password = password;
      cx.expiredPasswords.delete(user);
    },
    expirePassword: (email) => void cx.expiredPasswords.add(knownUser(cx, email)),
  };
}

function knownUser(cx: Cx, email: string): RibCxUser {
  const user = findUser(cx, email);
  if (!user) throw new Error(`The simulator has no user ${email}`);
  return user;
}
