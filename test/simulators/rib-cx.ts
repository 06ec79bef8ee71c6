/**
 * RIB CX (formerly iTWO cx): the part of its API that signs in and lists projects.
 *
 * Each fact says where it comes from:
 *   D  documented in the vendor's knowledge base, space cxKB; the page is named
 *   C  public client code only
 *   I  inferred, or chosen here. An option if hosts may differ, else what is
 *      harder for a client.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { json, page } from './answers.ts';
import { LOGIN_PAGE } from './faults.ts';
import { startServer, type ServerOptions, type SimulatedServer } from './http-server.ts';
import { IdleSessions } from './idle-sessions.ts';

// ---- routes ------------------------------------------------------------------------------------

/** Below `/api/{version}`. D: the paths ("Logging In"); C: Project/Get. I: in any case, as ASP.NET. */
const ROUTES: Readonly<Record<string, RibCxRoute>> = {
  '/api/login/encryptpassword': 'encryptPassword',
  '/api/login/byemail': 'loginByEmail',
  '/api/login/byusertoken': 'loginByUserToken',
  '/api/project/get': 'projects',
  '/api/help/index': 'explorer',
};

/** D: `cxR` on one page, `CXR` on another ("Power Query with SSO Login Example"). */
const RETURN_URL_PATH = '/cxr/authentication';

export type RibCxRoute =
  | 'encryptPassword'
  | 'loginByEmail'
  | 'loginByUserToken'
  | 'projects'
  | 'explorer'
  /** The Return URL of the sign-in with Microsoft. No client may ever request it. */
  | 'returnUrl';

async function answer(
  cx: Cx,
  request: Request,
  url: URL,
  route: RibCxRoute | undefined,
): Promise<Response> {
  if (isBlocked(request, url)) return page(FIREWALL_PAGE, 403);
  // I: both error answers are those of ASP.NET's Web API.
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
 * The web application firewall. D: every request needs a browser-like User-Agent ("Power Query with
 * SSO Login Example"). C: an Origin or Referer from elsewhere and an empty header are blocked.
 */
function isBlocked({ headers }: Request, { origin }: URL): boolean {
  const isBrowserLike = headers.get('user-agent')?.includes('Mozilla/5.0') ?? false;
  const isForeign = [headers.get('origin'), headers.get('referer')].some(
    (from) => from !== null && !`${from}/`.startsWith(`${origin}/`),
  );
  return !isBrowserLike || isForeign || [...headers.values()].includes('');
}

// ---- signing in --------------------------------------------------------------------------------

/** C: `{"Password"}` to a JSON text, or to `null`. */
async function encryptPassword(cx: Cx, request: Request): Promise<Response> {
  const fields = await readFields(request, ['Password']);
  if (fields instanceof Response) return fields;
  return json(cx.settings.encryptPassword === 'null' ? null : encrypt(cx, fields.Password));
}

/** D: `{"Email", "EncryptedPassword"}` to a session key ("Logging In"). */
async function loginByEmail(cx: Cx, request: Request): Promise<Response> {
  const fields = await readFields(request, ['Email', 'EncryptedPassword']);
  if (fields instanceof Response) return fields;
  const user = findUser(cx, fields.Email);
  if (user?.password === undefined || encrypt(cx, user.password) !== fields.EncryptedPassword) {
    return refuse(cx, 'The email address or password is incorrect.');
  }
  // D: some projects expire passwords ("Logging In").
  if (cx.expiredPasswords.has(user)) {
    return refuse(cx, 'Your password has expired. Please log in to change it.');
  }
  return acceptLogin(cx, user);
}

/**
 * An access token for a session key, with an empty body. D: the token is in `Authorization: Bearer`
 * on the current pages, in a header named `Bearer` on the older one ("Logging In").
 * I: both are required here, because nothing says which one a host reads.
 */
async function loginByUserToken(cx: Cx, request: Request): Promise<Response> {
  if ((await request.text()) !== '') return json({ Message: 'The body must be empty.' }, 400);
  const token = request.headers.get('bearer');
  const isBoth = token !== null && request.headers.get('authorization') === `Bearer ${token}`;
  const owner = isBoth ? cx.settings.verifyToken(token) : undefined;
  const user = owner && findUser(cx, owner.email);
  return user ? acceptLogin(cx, user) : refuse(cx, 'The user token is not valid.');
}

/** I: each login makes another key and ends no earlier one; how a key looks. */
function acceptLogin({ settings, sessions }: Cx, { email }: RibCxUser): Response {
  const now = settings.clock.now();
  // With characters that need care in a URL or a pattern.
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

/** I: as Web API, refuses a body that is not JSON (by its Content-Type too) or lacks a field. */
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

/** I: the same password always gives the same text, which is of no use on another host. It begins with the host's salt. */
function encrypt({ salt, secret }: Cx, password: string): string {
  const encrypted = createHmac('sha256', secret).update(password).digest();
  return Buffer.concat([salt, encrypted]).toString('base64');
}

/** I: in any case, because Microsoft may write an address differently. */
function findUser({ users }: Cx, email: string): RibCxUser | undefined {
  return users.find((user) => user.email.toLowerCase() === email.toLowerCase());
}

// ---- with a session key ------------------------------------------------------------------------

/**
 * D: the key is the request header `key` ("Logging In"). C: `skip` and `take` to `{Items,
 * NextPageLink, Count}`; `timestamp` is a filter, which here lets nothing through.
 * I: as in Web API, `Count` counts all, and `NextPageLink` is a whole URL, or null on the last page.
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

/** D: a user pastes the key in the api_key box ("Logging In"). */
const EXPLORER_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>RIB CX API</title></head>
<body><form><input name="api_key" placeholder="api_key" aria-label="api_key">
<button type="button">Explore</button></form></body></html>
`;

// ---- an installation ---------------------------------------------------------------------------

export interface RibCxUser {
  email: string;
  /** Without one, the user can only sign in with Microsoft. */
  password?: string;
}

export interface RibCxSession {
  readonly key: string;
  readonly email: string;
  /** By the simulator's clock. */
  readonly since: number;
  readonly lastUsed: number;
}

export type Project = Record<string, unknown> & { Name: string };

export interface RibCxOptions extends ServerOptions {
  /** D: `latest` on the older pages (the default), 24.08 and the like on newer ones. */
  version?: string;
  users?: readonly RibCxUser[];
  /** C: an item has a `Name`. */
  projects?: readonly Project[];
  /** The owner of a valid access token for RIB CX. The Entra simulator knows. */
  verifyToken?: (token: string) => { email: string } | undefined;

  /** C: EncryptPassword may answer `null`. Default `ciphertext`. */
  encryptPassword?: 'ciphertext' | 'null';
  /**
   * D: an object with `Key`. C: also `IsSuccess` and `ErrorMessages` (the default), or `SessionKey`
   * instead of `Key`, or only a text.
   */
  loginAnswer?: 'result' | 'key only' | 'session key' | 'string';
  /** C: 200 with `IsSuccess: false` and `ErrorMessages` (the default) or `Message`. I: 401. */
  refusal?: 'ErrorMessages' | 'Message' | 401;
  /** The answer to a key that is wrong or has expired. I: 401, the default. C: a page with 200. */
  invalidKey?: 401 | 'login page';

  /** I: how long an unused key lives is not documented. Default 60 minutes. */
  keyIdleMs?: number;
  /** I: the most projects in one answer. Default 100. */
  pageSizeCap?: number;

  /** Returns `size` random bytes. Default: node:crypto. */
  random?: (size: number) => Uint8Array;
}

export interface RibCx extends SimulatedServer<RibCxRoute> {
  /** Without a slash at the end. */
  readonly baseUrl: string;
  /** The live sessions, by key. */
  readonly sessions: ReadonlyMap<string, RibCxSession>;
  /** Counts every request that reached one of the two logins, whatever the answer. */
  readonly loginRequests: number;
  /** RIB CX restarts, and all sessions are gone. */
  forgetSessions(): void;
  /** I: open sessions stay open. */
  changePassword(email: string, password: string): void;
  /** I: open sessions stay open. */
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
  /** Encrypt passwords. */
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
