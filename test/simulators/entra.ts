/**
 * Simulates Microsoft's sign-in (Entra ID, v2 endpoints). MSAL accepts no other host, so tests redirect its requests. Comments
 * name their source: *Documented* is the documentation of the Microsoft identity platform; *Clients* is the public client
 * @azure/msal-node 7.2.1; *Inferred* is inferred or chosen here.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { UnsecuredJWT } from 'jose';
import { json } from './answers.ts';
import { Refusal } from './entra-errors.ts';
import * as pages from './entra-pages.ts';
import { startServer, type ServerOptions, type SimulatedServer } from './http-server.ts';

// ---- routes ------------------------------------------------------------------------------------

/** Documented: these paths are below `/{tenant}` ("authorization code flow", "device authorization grant"). */
const ROUTES: Readonly<Record<string, EntraRoute>> = {
  '/oauth2/v2.0/authorize': 'authorize',
  '/oauth2/v2.0/devicecode': 'deviceCode',
  '/oauth2/v2.0/token': 'token',
  // Inferred: the form of the sign-in page goes to this path.
  '/login': 'signIn',
};

/** Documented: the page is https://microsoft.com/devicelogin. */
const DEVICE_PAGE_PATH = '/devicelogin';

export type EntraRoute = 'authorize' | 'signIn' | 'token' | 'deviceCode' | 'devicePage';

function routeOf({ pathname }: URL): EntraRoute | undefined {
  return pathname === DEVICE_PAGE_PATH ? 'devicePage' : ROUTES[pathname.replace(/^\/[^/]+/, '')];
}

async function answer(
  entra: State,
  request: Request,
  url: URL,
  route: EntraRoute | undefined,
): Promise<Response> {
  const form = new URLSearchParams(request.method === 'POST' ? await request.text() : '');
  try {
    switch (route) {
      case 'authorize':
        return authorize(entra, url);
      case 'signIn':
        return signIn(entra, url, form);
      case 'deviceCode':
        return deviceCode(entra, url, form);
      case 'devicePage':
        return devicePage(entra, form.get('user_code'));
      case 'token':
        return token(entra, url, form);
      case undefined:
        return new Response(null, { status: 404 });
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isForClient = route === 'token' || route === 'deviceCode';
    return isForClient ? error.toAnswer() : pages.errorPage(error.message);
  }
}

// ---- the sign-in page --------------------------------------------------------------------------

/** Says what follows when a person leaves the sign-in page. */
interface SignIn {
  finish(user: KnownUser): Response;
  cancel(): Response;
}

/**
 * Documented: a wrong application or redirect URI is an error for the person, because such an application cannot be trusted. The
 * application gets every other error ("authorization code flow").
 */
function authorize(entra: State, url: URL): Response {
  const query = url.searchParams;
  const application = findApplication(entra, url, query.get('client_id'));
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!isRegistered(redirectUri, application)) throw new Refusal(50011);
  const reply = (fields: Record<string, string>) => replyTo(redirectUri, query, fields);
  const replyError = ({ error, message }: Refusal) => reply({ error, error_description: message });
  if (!isForRibCx(query.get('scope'))) return replyError(new Refusal(500011));

  return askToSignIn(entra, {
    cancel: () => replyError(new Refusal(65004)),
    finish(user) {
      const code = newSecret(entra);
      const challenge = query.get('code_challenge') ?? '';
      entra.codes.set(code, { clientId: application.clientId, user, redirectUri, challenge });
      // Clients: MSAL always sends client_info=1, which asks for the account's id.
      return reply({ code, client_info: clientInfoOf(user) });
    },
  });
}

/** Documented: a redirect URI must match exactly, but `http://localhost` matches any port ("redirect URI restrictions"). */
function isRegistered(redirectUri: string, { redirectUris }: EntraApplication): boolean {
  const portless = redirectUri.replace(/^(http:\/\/localhost):\d+(?=\/|$)/, '$1');
  return redirectUris.includes(redirectUri) || redirectUris.includes(portless);
}

/** Documented: the `response_mode` is query or form_post. */
function replyTo(
  redirectUri: string,
  query: URLSearchParams,
  fields: Record<string, string>,
): Response {
  const answer = { ...fields, state: query.get('state') ?? '' };
  if (query.get('response_mode') === 'form_post') return pages.formPostPage(redirectUri, answer);
  const location = `${redirectUri}?${new URLSearchParams(answer).toString()}`;
  return new Response(null, { status: 302, headers: { location } });
}

function askToSignIn(entra: State, flow: SignIn, email = '', error?: Refusal): Response {
  const id = newSecret(entra);
  entra.signIns.set(id, flow);
  return pages.signInPage(`/${TENANT_ID}/login?flow=${id}`, email, error?.message);
}

function signIn(entra: State, url: URL, form: URLSearchParams): Response {
  const flow = entra.signIns.get(url.searchParams.get('flow') ?? '');
  if (!flow) throw new Refusal(70000);
  if (form.get('action') === 'cancel') return flow.cancel();
  const email = form.get('email') ?? '';
  const user = entra.users.find((user) => user.email.toLowerCase() === email.toLowerCase());
  const isRight = user && user.password === form.get('password');
  return isRight ? flow.finish(user) : askToSignIn(entra, flow, email, new Refusal(50126));
}

// ---- device codes ------------------------------------------------------------------------------

interface Device {
  clientId: string;
  userCode: string;
  expires: number;
  outcome: KnownUser | 'declined' | undefined;
}

/** Documented: the answer has these fields ("device authorization grant"). Inferred: the user code has these characters. */
function deviceCode(entra: State, url: URL, form: URLSearchParams): Response {
  const { clientId } = findApplication(entra, url, form.get('client_id'));
  if (!isForRibCx(form.get('scope'))) throw new Refusal(500011);
  const code = newSecret(entra);
  const userCode = randomBytes(5).toString('hex').toUpperCase();
  const expires = entra.clock.now() + DEVICE_CODE_SECONDS * 1000;
  entra.devices.set(code, { clientId, userCode, expires, outcome: undefined });
  // Name Microsoft's real page: Keyvigil opens no other page, and tests redirect the request to the simulator.
  const page = MICROSOFT + DEVICE_PAGE_PATH;
  return json({
    user_code: userCode,
    device_code: code,
    verification_uri: page,
    expires_in: DEVICE_CODE_SECONDS,
    interval: entra.deviceIntervalSeconds,
    message: `To sign in, open the page ${page} and enter the code ${userCode} to authenticate.`,
  });
}

/** Inferred: the page does not accept a code that was used or has expired. */
function devicePage(entra: State, userCode: string | null): Response {
  if (userCode === null) return pages.userCodePage(DEVICE_PAGE_PATH, '');
  const device = findDevice(entra, userCode);
  if (!device || device.outcome || entra.clock.now() >= device.expires) {
    const error = 'That code didn’t work. Check it and try again.';
    return pages.userCodePage(DEVICE_PAGE_PATH, userCode, error);
  }
  return askToSignIn(entra, {
    finish(user) {
      device.outcome = user;
      return pages.messagePage('You have signed in.');
    },
    cancel() {
      device.outcome = 'declined';
      return pages.messagePage('You have not signed in.');
    },
  });
}

function findDevice({ devices }: State, userCode: string): Device | undefined {
  const wanted = userCode.trim().toUpperCase();
  return [...devices.values()].find((device) => device.userCode === wanted);
}

// ---- tokens ------------------------------------------------------------------------------------

/** Says that a user has signed in to an application. */
interface Grant {
  clientId: string;
  user: KnownUser;
}

interface Code extends Grant {
  redirectUri: string;
  challenge: string;
}

interface RefreshToken extends Grant {
  /** The reason why the refresh token is no longer valid. */
  refusal?: Refusal;
}

function token(entra: State, url: URL, form: URLSearchParams): Response {
  const { clientId } = findApplication(entra, url, form.get('client_id'));
  const grant = redeem(entra, form);
  if (grant === 'declined') {
    // Documented: the error has this name. Inferred: the error has no number.
    const error_description = 'The end user denied the authorization request.';
    return json({ error: 'authorization_declined', error_description }, 400);
  }
  if (grant?.clientId !== clientId) throw new Refusal(70000);
  return json(tokensFor(entra, grant));
}

function redeem(entra: State, form: URLSearchParams): Grant | 'declined' | undefined {
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return redeemCode(entra, form);
    case 'refresh_token':
      return redeemRefreshToken(entra, form.get('refresh_token') ?? '');
    // Clients: MSAL sends the short name of this grant.
    case 'device_code':
    case 'urn:ietf:params:oauth:grant-type:device_code':
      return redeemDeviceCode(entra, form.get('device_code') ?? '');
    default:
      throw new Refusal(70003);
  }
}

/** Documented: a code is valid once, with the same redirect URI, and with the PKCE verifier (RFC 7636, 4.6). */
function redeemCode({ codes }: State, form: URLSearchParams): Grant | undefined {
  const id = form.get('code') ?? '';
  const code = codes.get(id);
  if (!code) return undefined;
  if (code.redirectUri !== form.get('redirect_uri')) throw new Refusal(500112);
  const verifier = form.get('code_verifier') ?? '';
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  if (challenge !== code.challenge) throw new Refusal(501481);
  codes.delete(id);
  return code;
}

/** Documented: a used refresh token stays valid. Microsoft only asks the client to delete it ("refresh tokens"). */
function redeemRefreshToken(
  { refreshTokens, refreshTokenReuse }: State,
  token: string,
): Grant | undefined {
  const found = refreshTokens.get(token);
  if (found?.refusal) throw found.refusal;
  if (!refreshTokenReuse) refreshTokens.delete(token);
  return found;
}

function redeemDeviceCode({ clock, devices }: State, code: string): Grant | 'declined' {
  const device = devices.get(code);
  if (!device) throw new Refusal(70018);
  if (clock.now() >= device.expires) throw new Refusal(70019);
  const { clientId, outcome } = device;
  if (outcome === undefined) throw new Refusal(70016);
  devices.delete(code);
  return outcome === 'declined' ? outcome : { clientId, user: outcome };
}

/**
 * Documented: the answer and its tokens have these fields ("authorization code flow", "access tokens", "ID tokens"). MSAL checks
 * no signature, so the tokens have none. Signing would take real time, and a virtual clock does not wait for real time.
 */
function tokensFor(entra: State, { clientId, user }: Grant) {
  const now = Math.floor(entra.clock.now() / 1000);
  const claims = {
    oid: user.oid,
    tid: TENANT_ID,
    name: user.name ?? user.email,
    preferred_username: user.email,
    ver: '2.0',
  };
  const jwt = (audience: string, more = {}) =>
    new UnsecuredJWT({ ...claims, ...more })
      .setIssuer(`${MICROSOFT}/${TENANT_ID}/v2.0`)
      .setAudience(audience)
      .setSubject(user.oid)
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + TOKEN_SECONDS)
      .encode();
  const refreshToken = newSecret(entra);
  entra.refreshTokens.set(refreshToken, { clientId, user });
  return {
    token_type: 'Bearer',
    scope: `${RIB_CX_RESOURCE}/user_impersonation ${RIB_CX_RESOURCE}/.default`,
    expires_in: TOKEN_SECONDS,
    access_token: jwt(RIB_CX_RESOURCE, { scp: 'user_impersonation', uti: newSecret(entra) }),
    refresh_token: refreshToken,
    id_token: jwt(clientId, { uti: newSecret(entra) }),
    client_info: clientInfoOf(user),
  };
}

/** Clients: the two values are the halves of MSAL's homeAccountId. */
function clientInfoOf({ oid }: KnownUser): string {
  return Buffer.from(JSON.stringify({ uid: oid, utid: TENANT_ID })).toString('base64url');
}

function verifyToken({ clock }: State, accessToken: string): { email: string } | undefined {
  try {
    const expected = { audience: RIB_CX_RESOURCE, currentDate: new Date(clock.now()) };
    const { payload } = UnsecuredJWT.decode(accessToken, expected);
    return { email: String(payload['preferred_username']) };
  } catch {
    return undefined;
  }
}

// ---- a tenant ----------------------------------------------------------------------------------

export const MICROSOFT = 'https://login.microsoftonline.com';

/** Documented: RIB CX is a resource with this id (cxKB, "Logging In"). A v2 scope adds `/.default` to the id. */
export const RIB_CX_RESOURCE = '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18';

/** This id, the client's id and the default user are invented. */
export const TENANT_ID = '6f1c0a52-3d0b-4c55-9b8e-2f7a4d1e9c30';
export const CLIENT_ID = 'c2a9d3f4-5b16-4e8a-8d27-90e1b4f6a753';
/** Documented: the second URI is RIB CX's Return URL (cxKB, "Logging In"). */
const REDIRECT_URIS = ['http://localhost', 'https://au.itwocx.com/cxR/Authentication'];

/** Documented: an access token is valid for 60 to 90 minutes ("access tokens"). */
const TOKEN_SECONDS = 60 * 60;
/** Documented: a device code is valid for 15 minutes ("device authorization grant"). */
const DEVICE_CODE_SECONDS = 15 * 60;

export interface EntraUser {
  email: string;
  password: string;
  /** The full name, which is the email address by default. */
  name?: string;
}

/** An application that is registered as a public client, in this tenant only. */
export interface EntraApplication {
  clientId: string;
  redirectUris: readonly string[];
}

export interface EntraOptions extends ServerOptions {
  users?: readonly EntraUser[];
  applications?: readonly EntraApplication[];
  /** True by default. If false, a client must use its latest refresh token, which is harder for the client. */
  refreshTokenReuse?: boolean;
  /** A client waits this many seconds between two polls. The default is 5, as in Microsoft's example. */
  deviceIntervalSeconds?: number;
  /** @returns `size` random bytes; the default is node:crypto's `randomBytes` */
  random?: (size: number) => Uint8Array;
}

export interface Entra extends SimulatedServer<EntraRoute> {
  /**
   * The RIB CX simulator calls this.
   * @returns the owner of a valid access token
   */
  readonly verifyToken: (accessToken: string) => { email: string } | undefined;
  /** The number of token requests that were answered with 200. */
  readonly tokensIssued: number;
  /** Signs in on the device page, as a person does. */
  approveDevice(userCode: string, email: string): void;
  declineDevice(userCode: string): void;
  /** Ends all sign-ins of a user, as an administrator can. Documented: access tokens stay valid until they expire. */
  revokeRefreshTokens(email: string, suberror?: string): void;
}

type KnownUser = EntraUser & { oid: string };

interface State {
  clock: ServerOptions['clock'];
  random: (size: number) => Uint8Array;
  deviceIntervalSeconds: number;
  refreshTokenReuse: boolean;
  users: readonly KnownUser[];
  applications: readonly EntraApplication[];
  signIns: Map<string, SignIn>;
  codes: Map<string, Code>;
  devices: Map<string, Device>;
  refreshTokens: Map<string, RefreshToken>;
}

export async function startEntra({
  users = [{ email: 'ada@example.com', password: 'correct horse', name: 'Ada Lovelace' }],
  applications = [{ clientId: CLIENT_ID, redirectUris: REDIRECT_URIS }],
  refreshTokenReuse = true,
  deviceIntervalSeconds = 5,
  random = randomBytes,
  ...options
}: EntraOptions): Promise<Entra> {
  const entra: State = {
    clock: options.clock,
    random,
    deviceIntervalSeconds,
    refreshTokenReuse,
    users: users.map((user) => ({ ...user, oid: randomUUID() })),
    applications,
    signIns: new Map(),
    codes: new Map(),
    devices: new Map(),
    refreshTokens: new Map(),
  };
  const server = await startServer<EntraRoute>(
    { routeOf, answer: (request, url, route) => answer(entra, request, url, route) },
    options,
  );
  const userOf = (email: string) => {
    const user = entra.users.find((user) => user.email === email);
    if (!user) throw new Error(`The simulator has no user ${email}`);
    return user;
  };
  const settle = (userCode: string, outcome: KnownUser | 'declined') => {
    const device = findDevice(entra, userCode);
    if (!device) throw new Error(`The simulator has no device with the code ${userCode}`);
    device.outcome = outcome;
  };
  return {
    ...server,
    verifyToken: (accessToken) => verifyToken(entra, accessToken),
    get tokensIssued() {
      return server.journal.count('token', 200);
    },
    approveDevice: (userCode, email) => settle(userCode, userOf(email)),
    declineDevice: (userCode) => settle(userCode, 'declined'),
    revokeRefreshTokens(email, suberror) {
      for (const token of entra.refreshTokens.values()) {
        if (token.user === userOf(email)) token.refusal = new Refusal(50173, suberror);
      }
    },
  };
}

/**
 * @returns the application
 * @throws Refusal if the application may not be used at the tenant in the path
 */
function findApplication(
  { applications }: State,
  { pathname }: URL,
  clientId: string | null,
): EntraApplication {
  const tenant = pathname.split('/')[1] ?? '';
  // Documented: these two names accept users of any tenant, so an application of one tenant fails there.
  if (['common', 'organizations'].includes(tenant)) throw new Refusal(50194);
  if (tenant !== TENANT_ID) throw new Refusal(90002);
  const application = applications.find((known) => known.clientId === clientId);
  if (!application) throw new Refusal(700016);
  return application;
}

function isForRibCx(scope: string | null): boolean {
  return scope?.split(' ').includes(`${RIB_CX_RESOURCE}/.default`) ?? false;
}

function newSecret({ random }: State): string {
  return Buffer.from(random(33)).toString('base64url');
}
