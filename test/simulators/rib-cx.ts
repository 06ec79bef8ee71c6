/**
 * A simulator of RIB CX (formerly iTWO cx), the part of its API that signs in and lists projects.
 *
 *     const clock = movableClock();
 *     const ribCx = await startRibCx({ clock, users: [{ email: 'ada@example.com', password: '…' }] });
 *     await fetch(`${ribCx.baseUrl}/Api/Login/ByEmail`, { method: 'POST', headers: { … }, body: '…' });
 *
 * Each fact says how sure it is:
 *   D  the vendor's documentation, its public knowledge base; the page is named
 *   C  public client code only
 *   I  inferred, or chosen here because nothing is said. Where installations may differ it is an
 *      option; where not, the choice is the one that is harder on a client.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
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

export type RibCxRoute =
  | 'encryptPassword'
  | 'loginByEmail'
  | 'loginByUserToken'
  | 'projects'
  | 'explorer'
  /** The Return URL of the documented sign-in with Microsoft: no client may ever request it. */
  | 'returnUrl';

export interface RibCxUser {
  /** Matched in any case. */
  email: string;
  /** Without one, there is no way in by password. */
  password?: string;
  /** D: some projects expire passwords ("Logging In"). When, by the simulator's clock. */
  passwordExpires?: number;
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
  /** D: `latest` in the older pages, 24.08 and the like in newer ones. Default `latest`. */
  version?: string;
  users?: readonly RibCxUser[];
  /** Everyone sees them all. Default: three. */
  projects?: readonly Project[];

  /** I: whose access token it is, if it is a valid one for RIB CX; the Entra simulator knows. */
  verifyToken?: (token: string) => { email: string } | undefined;
  /**
   * Where the access token must stand. D: `Authorization: Bearer T` on the current pages, a header
   * named `Bearer` on the older one; which of them a host reads is not said. Default `either`.
   */
  tokenHeader?: 'authorization' | 'bearer' | 'both' | 'either';

  /** C: `EncryptPassword` may answer `null`. Default `ciphertext`. */
  encryptPassword?: 'ciphertext' | 'null';
  /**
   * What a login answers. D: an object with `Key`. C: besides it `IsSuccess` and `ErrorMessages`,
   * or only a string. Default `result`, which has all fields.
   */
  loginAnswer?: 'result' | 'key only' | 'string';
  /**
   * What a login answers that is refused. C: 200 with `IsSuccess: false` and `ErrorMessages`, or
   * `Message`. I: 401. Default `ErrorMessages`.
   */
  refusal?: 'ErrorMessages' | 'Message' | 401;
  /** What a key gets that is not, or no longer, valid. I: 401. C: a page, with status 200. */
  invalidKey?: 401 | 'login page';
  /** C: what the firewall's page comes with, for a User-Agent that is no browser's. Default 403. */
  firewallStatus?: 403 | 200;

  /**
   * I: how long a key lives unused is not documented. Default 60 minutes, since a key that never
   * dies would prove nothing of a client that keeps it alive. Infinity switches it off.
   */
  keyIdleMs?: number;
  /** I: the most projects in one answer. Default 100. */
  pageSizeCap?: number;

  /** That many random bytes, for keys and ciphertexts. Default: node:crypto. */
  random?: (size: number) => Uint8Array;
}

export interface RibCx extends SimulatedServer<RibCxRoute> {
  /** `origin`, `/api` and the version, without a slash at the end. */
  readonly baseUrl: string;
  /** The live ones, by key. */
  readonly sessions: ReadonlyMap<string, RibCxSession>;
  /** Every request that reached one of the two logins, whatever became of it. */
  readonly loginRequests: number;
  /** RIB CX restarts and knows no key any more. */
  forgetSessions(): void;
  /** I: sessions that are open stay open. A password that had expired is good again. */
  changePassword(email: string, password: string): void;
  /** From now on. I: sessions that are open stay open. */
  expirePassword(email: string): void;
}

export async function startRibCx(options: RibCxOptions): Promise<RibCx> {
  const settings = { ...DEFAULTS, ...options };
  const cx: Cx = {
    settings,
    base: `/api/${settings.version}`,
    directory: new Directory(settings.users, settings.clock),
    passwords: new PasswordCipher(settings.random),
    sessions: new IdleSessions(settings.clock, settings.keyIdleMs),
  };

  const server = await startServer<RibCxRoute>(
    {
      routeOf: (url) => routeOf(url, cx.base),
      answer: (request, url, route) => answer(cx, request, url, route),
    },
    settings,
  );

  return {
    ...server,
    baseUrl: server.origin + cx.base,
    get sessions() {
      return cx.sessions.live();
    },
    get loginRequests() {
      return server.journal.count('loginByEmail') + server.journal.count('loginByUserToken');
    },
    forgetSessions: () => cx.sessions.forget(),
    changePassword: (email, password) => cx.directory.changePassword(email, password),
    expirePassword: (email) => cx.directory.expirePassword(email),
  };
}

const DEFAULTS = {
  version: 'latest',
  users: [],
  // C: an item has a `Name`. I: and an `Id`; the projects are made up.
  projects: [
    { Id: 1, Name: 'Harbour Crossing' },
    { Id: 2, Name: 'North Terminal' },
    { Id: 3, Name: 'Ridge Tunnel' },
  ],
  verifyToken: () => undefined,
  tokenHeader: 'either',
  encryptPassword: 'ciphertext',
  loginAnswer: 'result',
  refusal: 'ErrorMessages',
  invalidKey: 401,
  firewallStatus: 403,
  keyIdleMs: 60 * 60_000,
  pageSizeCap: 100,
  random: (size) => randomBytes(size),
} satisfies Omit<RibCxOptions, 'clock'>;

type Settings = Required<Omit<RibCxOptions, keyof ServerOptions>> & { clock: Clock };

/** What one installation consists of. */
interface Cx {
  settings: Settings;
  base: string;
  directory: Directory;
  passwords: PasswordCipher;
  sessions: IdleSessions<RibCxSession>;
}

// ---- routes ------------------------------------------------------------------------------------

/** D: the paths. I: in any case, as ASP.NET finds them. */
const PATHS: Record<string, RibCxRoute> = {
  '/api/login/encryptpassword': 'encryptPassword',
  '/api/login/byemail': 'loginByEmail',
  '/api/login/byusertoken': 'loginByUserToken',
  '/api/project/get': 'projects',
  '/api/help/index': 'explorer',
};

/** D: `cxR` on one page, `CXR` on another ("Power Query with SSO Login Example"). */
const RETURN_URL_PATH = '/cxr/authentication';

function routeOf(url: URL, base: string): RibCxRoute | undefined {
  const path = url.pathname.toLowerCase();
  if (path === RETURN_URL_PATH) return 'returnUrl';
  const prefix = base.toLowerCase();
  return path.startsWith(`${prefix}/`) ? PATHS[path.slice(prefix.length)] : undefined;
}

function verbOf(route: RibCxRoute): 'GET' | 'POST' {
  return route.startsWith('login') || route === 'encryptPassword' ? 'POST' : 'GET';
}

async function answer(
  cx: Cx,
  request: Request,
  url: URL,
  route: RibCxRoute | undefined,
): Promise<Response> {
  if (!isBrowserLike(request)) return page(FIREWALL_PAGE, cx.settings.firewallStatus);
  // I: this answer and the next are those of ASP.NET's Web API.
  if (route === undefined) return json({ Message: `Nothing was found at ${url.pathname}.` }, 404);
  const verb = verbOf(route);
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
      return page(RETURN_URL_PAGE);
  }
}

/**
 * D: every request needs a plausible, browser-like User-Agent to pass the firewall ("Power Query
 * with SSO Login Example"). I: what makes it plausible is that it begins as every browser's does.
 */
function isBrowserLike(request: Request): boolean {
  return request.headers.get('user-agent')?.includes('Mozilla/5.0') ?? false;
}

// ---- signing in --------------------------------------------------------------------------------

/** C: `{"Password"}` to a JSON string, or to `null`. */
async function encryptPassword(cx: Cx, request: Request): Promise<Response> {
  const fields = await fieldsOf(request, ['Password']);
  if (fields instanceof Response) return fields;
  const { encryptPassword: kind } = cx.settings;
  return json(kind === 'null' ? null : cx.passwords.encrypt(fields.Password));
}

/** D: `{"Email", "EncryptedPassword"}` to a session key ("Logging In"). */
async function loginByEmail(cx: Cx, request: Request): Promise<Response> {
  const fields = await fieldsOf(request, ['Email', 'EncryptedPassword']);
  if (fields instanceof Response) return fields;
  const password = cx.passwords.decrypt(fields.EncryptedPassword);
  const user = cx.directory.find(fields.Email);
  if (!user || password === undefined || user.password !== password) {
    return refusal(cx.settings, 'The email address or password is incorrect.');
  }
  if (cx.directory.isPasswordExpired(user)) {
    return refusal(cx.settings, 'Your password has expired. Please log in to change it.');
  }
  return loggedIn(cx, user);
}

/** D: an access token for a session key, with an empty body. I: another body is refused. */
async function loginByUserToken(cx: Cx, request: Request): Promise<Response> {
  if ((await request.text()) !== '') return json({ Message: 'The body must be empty.' }, 400);
  const email = emailOfToken(cx.settings, request);
  const user = email === undefined ? undefined : cx.directory.find(email);
  return user ? loggedIn(cx, user) : refusal(cx.settings, 'The user token is not valid.');
}

function emailOfToken(settings: Settings, { headers }: Request): string | undefined {
  const { tokenHeader, verifyToken } = settings;
  const byAuthorization = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const byBearer = headers.get('bearer') ?? undefined;
  const emailOf = (token: string | undefined) =>
    token === undefined ? undefined : verifyToken(token)?.email;

  switch (tokenHeader) {
    case 'authorization':
      return emailOf(byAuthorization);
    case 'bearer':
      return emailOf(byBearer);
    case 'either':
      return emailOf(byAuthorization ?? byBearer);
    case 'both':
      return byAuthorization === byBearer ? emailOf(byBearer) : undefined;
  }
}

/** I: each login makes a new key, beside those the user has; what a key looks like is made up. */
function loggedIn({ settings, sessions }: Cx, { email }: RibCxUser): Response {
  const now = settings.clock.now();
  // With characters that a URL or a pattern in a log could trip over.
  const key = Buffer.from(settings.random(33)).toString('base64') + '+/=';
  sessions.open(key, { key, email, since: now, lastUsed: now });
  switch (settings.loginAnswer) {
    case 'result':
      return json({ Key: key, IsSuccess: true, ErrorMessages: [] });
    case 'key only':
      return json({ Key: key });
    case 'string':
      return json(key);
  }
}

function refusal({ refusal: kind }: Settings, message: string): Response {
  switch (kind) {
    case 'ErrorMessages':
      return json({ Key: null, IsSuccess: false, ErrorMessages: [message] });
    case 'Message':
      return json({ IsSuccess: false, Message: message });
    case 401:
      return json({ Message: message }, 401);
  }
}

/** I: a body that is not JSON, by its Content-Type too, or lacks a field, is refused as Web API does. */
async function fieldsOf<Field extends string>(
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

// ---- with a key --------------------------------------------------------------------------------

/**
 * C: `skip`, `take` and `timestamp` to `{Items, NextPageLink, Count}`, which is Web API's
 * PageResult. I: hence `Count` counts all, and `NextPageLink` is a whole URL, or null on the last
 * page. `timestamp` is accepted and **not applied**; the journal has it.
 * D: the key is the request header `key` ("Logging In").
 */
function projects({ settings, sessions }: Cx, request: Request, url: URL): Response {
  if (!sessions.use(request.headers.get('key') ?? '')) return invalidKey(settings);

  const { projects: all, pageSizeCap } = settings;
  const skip = wholeNumber(url.searchParams.get('skip')) ?? 0;
  const take = Math.min(wholeNumber(url.searchParams.get('take')) ?? pageSizeCap, pageSizeCap);
  const Items = all.slice(skip, skip + take);
  const isLast = Items.length === 0 || skip + Items.length >= all.length;
  const NextPageLink = isLast ? null : withQuery(url, { skip: skip + take, take });
  return json({ Items, NextPageLink, Count: all.length });
}

function withQuery(url: URL, values: Record<string, number>): string {
  const changed = new URL(url);
  for (const [name, value] of Object.entries(values)) changed.searchParams.set(name, `${value}`);
  return changed.href;
}

function invalidKey({ invalidKey: kind }: Settings): Response {
  if (kind === 'login page') return page(LOGIN_PAGE);
  return json({ Message: 'Authorization has been denied for this request.' }, kind);
}

// ---- pages -------------------------------------------------------------------------------------

const FIREWALL_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>Request Rejected</title></head>
<body>The requested URL was rejected. Please consult with your administrator.</body></html>
`;

/** D: where a key is pasted in the api_key box ("Logging In"). */
const EXPLORER_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>RIB CX API</title></head>
<body><form><input name="api_key" placeholder="api_key" aria-label="api_key">
<button type="button">Explore</button></form></body></html>
`;

const RETURN_URL_PAGE = `<!DOCTYPE html>
<html lang="en"><head><title>RIB CX</title></head>
<body>The code was spent here, where no client can have it.</body></html>
`;

// ---- who may come in ---------------------------------------------------------------------------

/** I: an email address is matched in any case, as Microsoft may write it otherwise. */
class Directory {
  readonly #users: Map<string, RibCxUser>;
  readonly #clock: Clock;

  constructor(users: readonly RibCxUser[], clock: Clock) {
    this.#users = new Map(users.map((user) => [user.email.toLowerCase(), { ...user }]));
    this.#clock = clock;
  }

  find(email: string): RibCxUser | undefined {
    return this.#users.get(email.toLowerCase());
  }

  isPasswordExpired({ passwordExpires = Infinity }: RibCxUser): boolean {
    return this.#clock.now() >= passwordExpires;
  }

  changePassword(email: string, password: string): void {
    const user = this.#known(email);
    user.password = password;
    delete user.passwordExpires;
  }

  expirePassword(email: string): void {
    this.#known(email).passwordExpires = this.#clock.now();
  }

  #known(email: string): RibCxUser {
    const user = this.find(email);
    if (!user) throw new Error(`The simulator has no user ${email}`);
    return user;
  }
}

/**
 * I: that equal passwords give equal ciphertexts, and how they look; nothing is said of either.
 * With a secret of its own for each installation, so that no ciphertext is good on another.
 */
class PasswordCipher {
  readonly #secret: Uint8Array;
  readonly #iv = new Uint8Array(16);

  constructor(random: (size: number) => Uint8Array) {
    this.#secret = random(32);
  }

  encrypt(password: string): string {
    const cipher = createCipheriv('aes-256-cbc', this.#secret, this.#iv);
    return cipher.update(password, 'utf8', 'base64') + cipher.final('base64');
  }

  decrypt(encrypted: string): string | undefined {
    try {
      const decipher = createDecipheriv('aes-256-cbc', this.#secret, this.#iv);
      return decipher.update(encrypted, 'base64', 'utf8') + decipher.final('utf8');
    } catch {
      return undefined;
    }
  }
}
