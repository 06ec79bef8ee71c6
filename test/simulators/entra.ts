/**
 * A simulator of Microsoft's sign-in (Entra ID, v2 endpoints) for public clients: it stands in for
 * https://login.microsoftonline.com, which all its documents go on naming, as MSAL insists on it.
 *
 *     const entra = await startEntra({ clock });
 *     const ribCx = await startRibCx({ clock, verifyToken: entra.verifyToken, … });
 *     await fetch(entra.standIn('https://login.microsoftonline.com/common/oauth2/v2.0/token'), …);
 *
 * Not built on `oidc-provider`: it reads the time from Date.now alone and answers through Koa's
 * sockets, so no month could pass in a test, and in process it could not run at all. Its endpoints
 * are of one issuer, while Microsoft's are of one tenant each, with errors, consent, device pages and
 * token bodies of their own, which would have left it nothing but PKCE and signatures.
 *
 * Each fact says how sure it is:
 *   D  Microsoft's documentation of the identity platform; the page is named
 *   C  public client code: @azure/msal-node 7.2.1
 *   I  inferred, or chosen here because nothing is said
 */
import { randomBytes } from 'node:crypto';
import { json } from './answers.ts';
import {
  authorizationDeclined,
  errorAnswer,
  errorParameters,
  errorText,
  Refusal,
  slowDown,
  type AadstsCode,
} from './entra-errors.ts';
import {
  consentPage,
  deviceConfirmPage,
  errorPage,
  formPostPage,
  messagePage,
  signInPage,
  userCodePage,
} from './entra-pages.ts';
import { challengeOf, claimsOf, encoded, guidOf, keySet, signedToken } from './entra-tokens.ts';
import {
  startServer,
  type Clock,
  type ServerOptions,
  type SimulatedServer,
} from './http-server.ts';

// ---- what a tenant can be ----------------------------------------------------------------------

/** Which the simulator stands in for. */
export const MICROSOFT = 'https://login.microsoftonline.com';

/** D: RIB CX as a resource ("Logging In"); as a v2 scope, `{it}/.default`. */
export const RIB_CX_RESOURCE = '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18';

/** Of the default users and application; made up. */
export const TENANT_ID = '6f1c0a52-3d0b-4c55-9b8e-2f7a4d1e9c30';
export const CLIENT_ID = 'c2a9d3f4-5b16-4e8a-8d27-90e1b4f6a753';

export type EntraRoute =
  | 'authorize'
  | 'signIn'
  | 'token'
  | 'deviceCode'
  | 'devicePage'
  | 'logout'
  | 'configuration'
  | 'instanceDiscovery'
  | 'keys';

export interface EntraUser {
  /** Matched in any case. */
  email: string;
  password: string;
  /** Default: the email address. */
  name?: string;
  /** Default `TENANT_ID`. */
  tenantId?: string;
  /** What keeps the user from getting a token: 53003 or 50079, say. */
  blockedBy?: AadstsCode | undefined;
}

export interface EntraApplication {
  clientId: string;
  /** Default `Keyvigil`. */
  name?: string;
  /** Default `TENANT_ID`. */
  tenantId?: string;
  /** Default false: it fails on `common`, with 50194. */
  multiTenant?: boolean;
  /** Default true: it needs no secret. */
  publicClient?: boolean;
  /** Compared to the letter, but for the port of `http://localhost`. */
  redirectUris: readonly string[];
  /** Who has to consent before a user gets a token. Default: nobody, it is done. */
  consent?: 'granted' | 'by user' | 'by administrator';
}

export interface EntraOptions extends ServerOptions {
  users?: readonly EntraUser[];
  applications?: readonly EntraApplication[];
  /** Names that a tenant can have in a path, beside its id. */
  tenantNames?: Readonly<Record<string, string>>;
  /** Resources that tokens can be had for. Default: RIB CX. */
  resources?: readonly string[];

  /** D: 60 to 90 minutes ("access tokens"). Default 60. */
  accessTokenMs?: number;
  /** D: 90 days without use ("refresh tokens"). */
  refreshTokenIdleMs?: number;
  /**
   * Whether a refresh token that was used can be used again. D: it can; a client is only asked to
   * delete it ("refresh tokens"). Default true.
   */
  refreshTokenReuse?: boolean;
  /** I: how long an authorization code lives. Default 10 minutes. */
  codeMs?: number;
  /** D: 15 minutes ("device authorization grant"). */
  deviceCodeMs?: number;
  /** D: by the documentation's example 5. A fraction makes MSAL, whose timers are real, poll sooner. */
  deviceIntervalSeconds?: number;
  /** Whether polling more often than that is answered with slow_down. I: default false. */
  slowDown?: boolean;
  /** D: https://microsoft.com/devicelogin. Default: the page of the simulator itself. */
  verificationUri?: string;

  /** That many random bytes, for codes and refresh tokens. Default: node:crypto. */
  random?: (size: number) => Uint8Array;
}

export interface Entra extends SimulatedServer<EntraRoute> {
  /** The same URL of Microsoft's, here. */
  standIn(url: string): string;
  /** For RIB CX: whose access token it is, if it is one for RIB CX and has not expired. */
  readonly verifyToken: (accessToken: string) => { email: string } | undefined;
  /** How many token requests were answered with tokens, or by a fault with status 200. */
  readonly tokensIssued: number;
  /** As if by the person in front of the page. */
  approveDevice(userCode: string, email: string): void;
  declineDevice(userCode: string): void;
  changeUser(email: string, change: Partial<EntraUser>): void;
  /** D: refresh tokens go with the old password ("refresh tokens"). */
  changePassword(email: string, password: string): void;
  /** A `consent` takes back what users consented to. */
  changeApplication(clientId: string, change: Partial<EntraApplication>): void;
  /** An administrator ends all of a user's sign-ins. D: access tokens live on until they expire. */
  revokeRefreshTokens(email: string, suberror?: string): void;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const DEFAULTS = {
  users: [{ email: 'ada@example.com', password: 'correct horse', name: 'Ada Lovelace' }],
  applications: [
    {
      clientId: CLIENT_ID,
      redirectUris: ['http://localhost', 'https://au.itwocx.com/cxR/Authentication'],
    },
  ],
  tenantNames: { 'example.onmicrosoft.com': TENANT_ID },
  resources: [RIB_CX_RESOURCE],
  accessTokenMs: 60 * MINUTE,
  refreshTokenIdleMs: 90 * DAY,
  refreshTokenReuse: true,
  codeMs: 10 * MINUTE,
  deviceCodeMs: 15 * MINUTE,
  deviceIntervalSeconds: 5,
  slowDown: false,
  random: (size) => randomBytes(size),
} satisfies Omit<EntraOptions, 'clock'>;

type Settings = Required<Omit<EntraOptions, keyof ServerOptions | 'verificationUri'>> & {
  clock: Clock;
  verificationUri?: string;
};

export async function startEntra(options: EntraOptions): Promise<Entra> {
  const world = new World({ ...DEFAULTS, ...options });
  const server = await startServer<EntraRoute>(
    { routeOf, answer: (request, url, route) => answer(world, request, url, route) },
    options,
  );

  return {
    ...server,
    standIn: (url) => url.replace(MICROSOFT, server.origin),
    verifyToken: (accessToken) => verifyToken(world, accessToken),
    get tokensIssued() {
      return server.journal.count('token', 200);
    },
    approveDevice: (userCode, email) =>
      settle(world.deviceByUserCode(userCode), { user: world.directory.known(email) }),
    declineDevice: (userCode) => settle(world.deviceByUserCode(userCode), 'declined'),
    changeUser: (email, change) => world.directory.changeUser(email, change),
    changePassword(email, password) {
      world.directory.changeUser(email, { password });
      world.revoke(email);
    },
    changeApplication: (clientId, change) => world.directory.changeApplication(clientId, change),
    revokeRefreshTokens: (email, suberror) => world.revoke(email, suberror),
  };
}

// ---- routes ------------------------------------------------------------------------------------

const TENANT_PATHS: Record<string, EntraRoute> = {
  'oauth2/v2.0/authorize': 'authorize',
  'oauth2/v2.0/token': 'token',
  'oauth2/v2.0/devicecode': 'deviceCode',
  'oauth2/v2.0/logout': 'logout',
  'v2.0/.well-known/openid-configuration': 'configuration',
  'discovery/v2.0/keys': 'keys',
  'discovery/instance': 'instanceDiscovery',
  // I: the path of the form.
  login: 'signIn',
};

const DEVICE_PAGE_PATH = '/devicelogin';

/** The two parts of every path but the device page's: a tenant, and what is wanted of it. */
const TENANT_PATH = /^\/([^/]+)\/(.+)$/;

function routeOf(url: URL): EntraRoute | undefined {
  if (url.pathname === DEVICE_PAGE_PATH) return 'devicePage';
  const [, , path = ''] = TENANT_PATH.exec(url.pathname) ?? [];
  return Object.hasOwn(TENANT_PATHS, path) ? TENANT_PATHS[path] : undefined;
}

async function answer(
  world: World,
  request: Request,
  url: URL,
  route: EntraRoute | undefined,
): Promise<Response> {
  if (route === undefined) return new Response(null, { status: 404 });
  const tenant = TENANT_PATH.exec(url.pathname)?.[1] ?? '';
  const form = request.method === 'POST' ? await formOf(request) : new URLSearchParams();
  try {
    switch (route) {
      case 'authorize':
        // D: its parameters may be posted as well (OpenID Connect Core, 3.1.2.1).
        return authorize(
          world,
          tenant,
          form.size > 0 ? form : url.searchParams,
          userOf(world, request),
        );
      case 'signIn':
        return signIn(world, world.interaction(url), form);
      case 'token':
        return token(world, tenant, form);
      case 'deviceCode':
        return deviceCode(world, tenant, form, url.origin);
      case 'devicePage':
        return devicePage(world, form.get('user_code') ?? url.searchParams.get('otc'));
      case 'logout':
        return logout(url);
      case 'configuration':
        return json(configuration(world.tenantId(tenant) ?? '{tenantid}', tenant));
      case 'instanceDiscovery':
        return json(instanceDiscovery(tenant));
      case 'keys':
        return json(keySet());
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (!ANSWERS_JSON.has(route)) return errorPage(error.message);
    const correlationId =
      form.get('client-request-id') ?? url.searchParams.get('client-request-id');
    return errorAnswer(error.code, {
      at: world.settings.clock.now(),
      correlationId,
      ...(error.suberror !== undefined && { suberror: error.suberror }),
    });
  }
}

const ANSWERS_JSON: ReadonlySet<EntraRoute> = new Set(['token', 'deviceCode', 'configuration']);

/** I: a body that is no form counts as empty. */
async function formOf(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get('content-type') ?? '';
  const isForm = type.startsWith('application/x-www-form-urlencoded');
  return new URLSearchParams(isForm ? await request.text() : '');
}

// ---- authorize, and the person in front of it --------------------------------------------------

/** What a person is asked for: who they are, and then whether they mean it. */
interface Interaction {
  id: string;
  tenant: string;
  application: KnownApplication;
  /** Whether they are asked although nobody has to consent. */
  mustAccept: boolean;
  acceptPage: (action: string, user: KnownUser) => Response;
  /** Set once the password was right. */
  user?: KnownUser;
  finish: (user: KnownUser) => Response;
  cancel: () => Response;
}

/**
 * D: "authorization code flow". D: an unknown application, a redirect URI that is not registered
 * and the like are shown to the person, since there is nowhere safe to send them; all else goes to
 * the application.
 */
function authorize(
  world: World,
  tenant: string,
  query: URLSearchParams,
  signedIn: KnownUser | undefined,
): Response {
  const application = world.application(tenant, query.get('client_id'));
  const redirectUri = query.get('redirect_uri') ?? '';
  if (!isRegistered(redirectUri, application)) throw new Refusal(50011);
  const reply = (fields: Record<string, string>) => replyTo(redirectUri, query, fields);

  if (query.get('response_type') !== 'code') return reply(errorParameters(700054));
  if (!world.isKnownResource(query.get('scope') ?? '')) return reply(errorParameters(500011));

  const prompt = query.get('prompt');
  const interaction: Interaction = {
    id: world.newToken(),
    tenant,
    application,
    mustAccept: prompt === 'consent',
    acceptPage: (action, user) => consentPage(action, application.name, user.email),
    finish: (user) => reply(codeFields(world, interaction, user, query)),
    cancel: () => reply(errorParameters(65004)),
  };
  const hint = query.get('login_hint') ?? '';
  const known = signedIn && isMeant(signedIn, hint) ? signedIn : undefined;
  if (prompt === 'none') return silently(world, interaction, known, reply);
  world.interactions.set(interaction.id, interaction);
  // D: with neither of the two, somebody who is signed in is not asked again.
  if (known && prompt !== 'login' && prompt !== 'select_account') {
    return proceed(world, interaction, known);
  }
  return signInPage(actionOf(interaction), hint);
}

function isMeant({ email }: KnownUser, hint: string): boolean {
  return hint === '' || hint.toLowerCase() === email.toLowerCase();
}

/** D: `prompt=none` shows nothing, and answers with an error what would need to be shown. */
function silently(
  world: World,
  interaction: Interaction,
  user: KnownUser | undefined,
  reply: (fields: Record<string, string>) => Response,
): Response {
  if (!user) return reply(errorParameters(50058));
  const problem = world.problemOf(interaction.application, user);
  return problem === undefined ? interaction.finish(user) : reply(errorParameters(problem));
}

function actionOf({ tenant, id }: Interaction): string {
  return `/${tenant}/login?flow=${id}`;
}

function signIn(world: World, interaction: Interaction, form: URLSearchParams): Response {
  switch (form.get('action')) {
    case 'cancel':
      world.interactions.delete(interaction.id);
      return interaction.cancel();
    case 'accept':
      if (!interaction.user) throw new Refusal(50058);
      world.directory.consent(interaction.application, interaction.user);
      return finish(world, interaction, interaction.user);
    default: {
      const email = form.get('email') ?? '';
      const user = world.directory.find(email);
      if (!user || user.password !== form.get('password')) {
        return signInPage(actionOf(interaction), email, errorText(50126));
      }
      return proceed(world, interaction, user);
    }
  }
}

/** Somebody has shown who they are; may they go on, and is anything left to ask? */
function proceed(world: World, interaction: Interaction, user: KnownUser): Response {
  const { application, tenant } = interaction;
  const home = world.tenantId(tenant);
  if (home !== undefined && home !== user.tenantId) throw new Refusal(50020);
  interaction.user = user;
  const problem = world.problemOf(application, user);
  if (problem === 65001 && application.consent === 'by administrator') throw new Refusal(90094);
  if (problem !== undefined && problem !== 65001) throw new Refusal(problem);
  if (problem === 65001) {
    return consentPage(actionOf(interaction), application.name, user.email);
  }
  if (interaction.mustAccept) return interaction.acceptPage(actionOf(interaction), user);
  return finish(world, interaction, user);
}

/** I: the cookie's name and attributes; it is what makes the next sign-in silent. */
function finish(world: World, interaction: Interaction, user: KnownUser): Response {
  world.interactions.delete(interaction.id);
  const answer = interaction.finish(user);
  const session = world.newToken();
  world.browserSessions.set(session, user);
  answer.headers.append('set-cookie', `${COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax`);
  return answer;
}

const COOKIE = 'SIMULATEDAUTH';

function userOf(world: World, request: Request): KnownUser | undefined {
  const cookie = request.headers.get('cookie') ?? '';
  const session = new RegExp(`(?:^|; )${COOKIE}=([^;]+)`).exec(cookie)?.[1];
  return session === undefined ? undefined : world.browserSessions.get(session);
}

/** D: to a registered address, if there is one ("OpenID Connect"). I: which is not looked up. */
function logout(url: URL): Response {
  const answer = messagePage('You signed out of your account', "It's a good idea to close this.");
  const target = url.searchParams.get('post_logout_redirect_uri');
  const left = target === null ? answer : redirectTo(target);
  left.headers.append('set-cookie', `${COOKIE}=; Path=/; Max-Age=0`);
  return left;
}

/**
 * D: to the letter, but any port will do for `http://localhost` ("redirect URI restrictions").
 */
function isRegistered(redirectUri: string, { redirectUris }: KnownApplication): boolean {
  const portless = redirectUri.replace(/^(http:\/\/localhost):\d+(?=\/|$)/, '$1');
  return redirectUris.includes(redirectUri) || redirectUris.includes(portless);
}

/** D: `response_mode` is query (the default for a code), form_post or fragment. */
function replyTo(
  redirectUri: string,
  query: URLSearchParams,
  fields: Record<string, string>,
): Response {
  const state = query.get('state');
  const all = { ...fields, ...(state !== null && { state }) };
  // D: what has no path is redirected to with a slash at its end ("redirect URI restrictions").
  const target = new URL(redirectUri);
  switch (query.get('response_mode')) {
    case 'form_post':
      return formPostPage(redirectUri, all);
    case 'fragment':
      target.hash = new URLSearchParams(all).toString();
      break;
    default:
      for (const [name, value] of Object.entries(all)) target.searchParams.append(name, value);
  }
  return redirectTo(target.href);
}

function redirectTo(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** C: `client_info=1` asks for the account's id beside the code (msal-node, Authorize). */
function codeFields(
  world: World,
  { application, tenant }: Interaction,
  user: KnownUser,
  query: URLSearchParams,
): Record<string, string> {
  const code = world.newToken();
  world.codes.set(code, {
    grant: {
      application,
      user,
      scope: query.get('scope') ?? '',
      nonce: query.get('nonce') ?? undefined,
    },
    tenant,
    redirectUri: query.get('redirect_uri') ?? '',
    challenge: query.get('code_challenge') ?? undefined,
    method: query.get('code_challenge_method') ?? 'plain',
    expires: world.settings.clock.now() + world.settings.codeMs,
    redeemed: false,
  });
  return {
    code,
    ...(query.get('client_info') === '1' && { client_info: clientInfoOf(user) }),
    session_state: guidOf(code),
  };
}

// ---- device code -------------------------------------------------------------------------------

type Outcome = { user: KnownUser } | 'declined';

interface Device {
  userCode: string;
  application: KnownApplication;
  tenant: string;
  scope: string;
  expires: number;
  lastPoll: number;
  outcome?: Outcome;
}

function settle(device: Device | undefined, outcome: Outcome): void {
  if (!device) throw new Error('The simulator has no device with this user code');
  device.outcome = outcome;
}

/** D: "device authorization grant". I: the user code's characters. */
function deviceCode(world: World, tenant: string, form: URLSearchParams, origin: string): Response {
  const { clock, deviceCodeMs, deviceIntervalSeconds, verificationUri } = world.settings;
  const application = world.application(tenant, form.get('client_id'));
  const scope = form.get('scope') ?? '';
  if (!world.isKnownResource(scope)) throw new Refusal(500011);

  const code = world.newToken();
  const userCode = guidOf(code).replaceAll('-', '').slice(0, 9).toUpperCase();
  const expires = clock.now() + deviceCodeMs;
  world.devices.set(code, { userCode, application, tenant, scope, expires, lastPoll: -Infinity });
  const uri = verificationUri ?? origin + DEVICE_PAGE_PATH;
  return json({
    user_code: userCode,
    device_code: code,
    verification_uri: uri,
    expires_in: deviceCodeMs / 1000,
    interval: deviceIntervalSeconds,
    message: `To sign in, use a web browser to open the page ${uri} and enter the code ${userCode} to authenticate.`,
  });
}

/** I: a code that was entered once is not taken again. */
function devicePage(world: World, userCode: string | null): Response {
  if (userCode === null) return userCodePage(DEVICE_PAGE_PATH, '');
  const device = world.deviceByUserCode(userCode);
  if (!device || device.outcome || world.settings.clock.now() >= device.expires) {
    return userCodePage(
      DEVICE_PAGE_PATH,
      userCode,
      'That code didn’t work. Check it and try again.',
    );
  }
  const { application, tenant } = device;
  const interaction: Interaction = {
    id: world.newToken(),
    tenant,
    application,
    mustAccept: true,
    acceptPage: (action) => deviceConfirmPage(action, application.name),
    finish(user) {
      settle(device, { user });
      return messagePage(application.name, 'You have signed in. You may now close this window.');
    },
    cancel() {
      settle(device, 'declined');
      return messagePage(
        application.name,
        'You have not signed in. You may now close this window.',
      );
    },
  };
  world.interactions.set(interaction.id, interaction);
  return signInPage(actionOf(interaction), '');
}

function redeemDevice(world: World, form: URLSearchParams): Grant | Response {
  const code = form.get('device_code') ?? '';
  const device = world.devices.get(code);
  if (!device || device.application.clientId !== form.get('client_id')) throw new Refusal(70018);
  const { clock, slowDown: strict, deviceIntervalSeconds } = world.settings;
  const now = clock.now();
  if (now >= device.expires) throw new Refusal(70019);
  const tooSoon = now - device.lastPoll < deviceIntervalSeconds * 1000;
  device.lastPoll = now;
  if (device.outcome === undefined) {
    if (strict && tooSoon) return slowDown();
    throw new Refusal(70016);
  }
  world.devices.delete(code);
  if (device.outcome === 'declined') return authorizationDeclined();
  return { application: device.application, user: device.outcome.user, scope: device.scope };
}

// ---- tokens ------------------------------------------------------------------------------------

/** Who has let which application do what. */
interface Grant {
  application: KnownApplication;
  user: KnownUser;
  scope: string;
  nonce?: string | undefined;
}

interface Code {
  grant: Grant;
  /** As in the path, where it has to be redeemed. */
  tenant: string;
  redirectUri: string;
  challenge: string | undefined;
  method: string;
  expires: number;
  redeemed: boolean;
}

interface RefreshToken {
  grant: Grant;
  lastUsed: number;
  /** Why it is no longer valid. */
  over?: { code: AadstsCode; suberror?: string };
}

const DEVICE_GRANTS = ['urn:ietf:params:oauth:grant-type:device_code', 'device_code'];

/** C: MSAL posts `client-request-id` and `client_info=1` with every grant. */
function token(world: World, tenant: string, form: URLSearchParams): Response {
  const type = form.get('grant_type');
  if (type === null) throw new Refusal(900144);
  const application = world.application(tenant, form.get('client_id'));
  if (!application.publicClient) throw new Refusal(7000218);

  const grant = redeem(world, tenant, type, form);
  if (grant instanceof Response) return grant;
  const home = world.tenantId(tenant);
  if (home !== undefined && home !== grant.user.tenantId) throw new Refusal(50020);
  const problem = world.problemOf(application, grant.user);
  if (problem !== undefined) throw new Refusal(problem);
  return json(tokensFor(world, grant, form.get('client_info') === '1'));
}

function redeem(
  world: World,
  tenant: string,
  type: string,
  form: URLSearchParams,
): Grant | Response {
  if (DEVICE_GRANTS.includes(type)) return redeemDevice(world, form);
  switch (type) {
    case 'authorization_code':
      return redeemCode(world, tenant, form);
    case 'refresh_token':
      return refresh(world, form);
    default:
      throw new Refusal(70003);
  }
}

/**
 * D: once, by whom it was issued to and at the same tenant (AADSTS700005), with the same redirect
 * URI and the verifier (RFC 7636, 4.6).
 */
function redeemCode({ codes, settings }: World, tenant: string, form: URLSearchParams): Grant {
  const code = codes.get(form.get('code') ?? '');
  if (!code || code.grant.application.clientId !== form.get('client_id')) throw new Refusal(70000);
  if (code.tenant !== tenant) throw new Refusal(700005);
  if (code.redeemed) throw new Refusal(54005);
  if (settings.clock.now() >= code.expires) throw new Refusal(70008);
  if (code.redirectUri !== form.get('redirect_uri')) throw new Refusal(500112);
  if (code.challenge !== undefined) {
    const verifier = form.get('code_verifier') ?? '';
    const challenge = code.method === 'S256' ? challengeOf(verifier) : verifier;
    if (challenge !== code.challenge) throw new Refusal(501481);
  }
  code.redeemed = true;
  return code.grant;
}

/** D: bound to user and application, not to tenant or resource ("refresh tokens"). */
function refresh({ refreshTokens, settings }: World, form: URLSearchParams): Grant {
  const { clock, refreshTokenIdleMs, refreshTokenReuse } = settings;
  const found = refreshTokens.get(form.get('refresh_token') ?? '');
  if (!found || found.grant.application.clientId !== form.get('client_id')) {
    throw new Refusal(70000);
  }
  if (found.over) throw new Refusal(found.over.code, found.over.suberror);
  if (clock.now() - found.lastUsed >= refreshTokenIdleMs) throw new Refusal(700082);
  found.lastUsed = clock.now();
  if (!refreshTokenReuse) found.over = { code: 70000 };
  const { nonce: _spent, ...grant } = found.grant;
  return { ...grant, scope: form.get('scope') ?? grant.scope };
}

/** D: "authorization code flow". I: the scopes in the answer, of which MSAL looks for those asked. */
function tokensFor(world: World, grant: Grant, withClientInfo: boolean) {
  const { clock, accessTokenMs } = world.settings;
  const { user, application, scope } = grant;
  const resource = resourceIn(scope) ?? MICROSOFT_GRAPH;
  const scopes = scope.split(' ');
  const issued = Math.floor(clock.now() / 1000);
  const lifetime = Math.floor(accessTokenMs / 1000);
  const common = {
    iss: `${MICROSOFT}/${user.tenantId}/v2.0`,
    iat: issued,
    nbf: issued,
    oid: user.oid,
    tid: user.tenantId,
    sub: guidOf(`${user.oid} ${application.clientId}`),
    name: user.name,
    preferred_username: user.email,
    ver: '2.0',
  };
  return {
    token_type: 'Bearer',
    scope: `${resource}/user_impersonation ${resource}/.default`,
    expires_in: lifetime,
    ext_expires_in: lifetime,
    access_token: signedToken({
      ...common,
      aud: resource,
      azp: application.clientId,
      scp: 'user_impersonation',
      exp: issued + lifetime,
      // So that no two tokens are alike, not even of one second.
      uti: world.newToken(),
    }),
    ...(scopes.includes('offline_access') && { refresh_token: world.newRefreshToken(grant) }),
    ...(scopes.includes('openid') && {
      id_token: signedToken({
        ...common,
        aud: application.clientId,
        exp: issued + 60 * 60,
        ...(grant.nonce !== undefined && { nonce: grant.nonce }),
      }),
    }),
    ...(withClientInfo && { client_info: clientInfoOf(user) }),
  };
}

/** C: the two halves of MSAL's homeAccountId. */
function clientInfoOf({ oid, tenantId }: KnownUser): string {
  return encoded({ uid: oid, utid: tenantId });
}

const MICROSOFT_GRAPH = '00000003-0000-0000-c000-000000000000';

/** The resource that a scope names, which stands before the last slash. */
function resourceIn(scope: string): string | undefined {
  const named = scope.split(' ').find((part) => part.includes('/'));
  return named?.slice(0, named.lastIndexOf('/')).replace(/^api:\/\//, '');
}

function verifyToken({ settings }: World, accessToken: string): { email: string } | undefined {
  const claims = claimsOf(accessToken);
  const expires = Number(claims?.['exp']) * 1000;
  if (claims?.['aud'] !== RIB_CX_RESOURCE || !(settings.clock.now() < expires)) return undefined;
  return { email: String(claims['preferred_username']) };
}

// ---- metadata ----------------------------------------------------------------------------------

/** D: "OpenID Connect". C: MSAL knows these without asking, as the host is Microsoft's. */
function configuration(tenantId: string, tenant: string) {
  const base = `${MICROSOFT}/${tenant}`;
  return {
    issuer: `${MICROSOFT}/${tenantId}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
  };
}

/** C: as MSAL has it built in. */
function instanceDiscovery(tenant: string) {
  return {
    tenant_discovery_endpoint: `${MICROSOFT}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      {
        preferred_network: 'login.microsoftonline.com',
        preferred_cache: 'login.windows.net',
        aliases: [
          'login.microsoftonline.com',
          'login.windows.net',
          'login.microsoft.com',
          'sts.windows.net',
        ],
      },
    ],
  };
}

// ---- what Microsoft knows ----------------------------------------------------------------------

type KnownUser = Required<Omit<EntraUser, 'blockedBy'>> &
  Pick<EntraUser, 'blockedBy'> & {
    oid: string;
  };
type KnownApplication = Required<EntraApplication>;

/** D: both take users of any tenant; `consumers`, for private accounts, is not simulated. */
const SHARED_TENANTS = ['common', 'organizations'];

/** Everything that is remembered from one request to the next. */
class World {
  readonly settings: Settings;
  readonly directory: Directory;
  readonly interactions = new Map<string, Interaction>();
  readonly browserSessions = new Map<string, KnownUser>();
  readonly codes = new Map<string, Code>();
  readonly devices = new Map<string, Device>();
  readonly refreshTokens = new Map<string, RefreshToken>();

  constructor(settings: Settings) {
    this.settings = settings;
    this.directory = new Directory(settings);
  }

  newToken(): string {
    return Buffer.from(this.settings.random(32)).toString('base64url');
  }

  newRefreshToken(grant: Grant): string {
    const token = `1.${this.newToken()}`;
    this.refreshTokens.set(token, { grant, lastUsed: this.settings.clock.now() });
    return token;
  }

  revoke(email: string, suberror?: string): void {
    const user = this.directory.known(email);
    for (const token of this.refreshTokens.values()) {
      if (token.grant.user !== user) continue;
      token.over = { code: 50173, ...(suberror !== undefined && { suberror }) };
    }
  }

  /** Undefined for a path that takes users of any tenant. */
  tenantId(tenant: string): string | undefined {
    if (SHARED_TENANTS.includes(tenant)) return undefined;
    const id = this.directory.tenantId(tenant);
    if (id === undefined) throw new Refusal(90002);
    return id;
  }

  /** The application, if it may be used at this tenant's endpoints. */
  application(tenant: string, clientId: string | null): KnownApplication {
    const tenantId = this.tenantId(tenant);
    const application = this.directory.application(clientId ?? '');
    if (!application) throw new Refusal(700016);
    if (application.multiTenant) return application;
    if (tenantId === undefined) throw new Refusal(50194);
    if (tenantId !== application.tenantId) throw new Refusal(700016);
    return application;
  }

  isKnownResource(scope: string): boolean {
    const resource = resourceIn(scope);
    return resource === undefined || this.settings.resources.includes(resource);
  }

  /** What keeps a user from a token for an application. */
  problemOf(application: KnownApplication, user: KnownUser): AadstsCode | undefined {
    if (user.blockedBy !== undefined) return user.blockedBy;
    return this.directory.hasConsent(application, user) ? undefined : 65001;
  }

  deviceByUserCode(userCode: string): Device | undefined {
    const wanted = userCode.trim().toUpperCase();
    return [...this.devices.values()].find((device) => device.userCode === wanted);
  }

  interaction(url: URL): Interaction {
    const interaction = this.interactions.get(url.searchParams.get('flow') ?? '');
    if (!interaction) throw new Refusal(70008);
    return interaction;
  }
}

/** Users, applications, and who consented to what. */
class Directory {
  readonly #users: KnownUser[];
  readonly #applications: KnownApplication[];
  readonly #tenantNames: Readonly<Record<string, string>>;
  readonly #consents = new Map<KnownApplication, Set<KnownUser>>();

  constructor({ users, applications, tenantNames }: Settings) {
    this.#users = users.map((user) => ({
      name: user.email,
      tenantId: TENANT_ID,
      oid: guidOf(user.email.toLowerCase()),
      ...user,
    }));
    this.#applications = applications.map((application) => ({
      name: 'Keyvigil',
      tenantId: TENANT_ID,
      multiTenant: false,
      publicClient: true,
      consent: 'granted',
      ...application,
    }));
    this.#tenantNames = tenantNames;
  }

  find(email: string): KnownUser | undefined {
    return this.#users.find((user) => user.email.toLowerCase() === email.toLowerCase());
  }

  known(email: string): KnownUser {
    const user = this.find(email);
    if (!user) throw new Error(`The simulator has no user ${email}`);
    return user;
  }

  changeUser(email: string, change: Partial<EntraUser>): void {
    Object.assign(this.known(email), change);
  }

  application(clientId: string): KnownApplication | undefined {
    return this.#applications.find((application) => application.clientId === clientId);
  }

  changeApplication(clientId: string, change: Partial<EntraApplication>): void {
    const application = this.application(clientId);
    if (!application) throw new Error(`The simulator has no application ${clientId}`);
    Object.assign(application, change);
    if (change.consent) this.#consents.delete(application);
  }

  /** The id of a tenant by its id or one of its names. */
  tenantId(tenant: string): string | undefined {
    const id = this.#tenantNames[tenant] ?? tenant;
    return [...this.#users, ...this.#applications].find(({ tenantId }) => tenantId === id)
      ?.tenantId;
  }

  hasConsent(application: KnownApplication, user: KnownUser): boolean {
    return (
      application.consent === 'granted' || (this.#consents.get(application)?.has(user) ?? false)
    );
  }

  consent(application: KnownApplication, user: KnownUser): void {
    const users = this.#consents.get(application) ?? new Set();
    this.#consents.set(application, users.add(user));
  }
}
