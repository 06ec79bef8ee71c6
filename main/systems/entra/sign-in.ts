/**
 * Signs in with a Microsoft account (Entra ID) through @azure/msal-node: with the stored refresh token if there is one, otherwise
 * in one of three ways with the user.
 */
import type {
  AuthenticationResult,
  DeviceCodeRequest,
  PublicClientApplication,
} from '@azure/msal-node';
import { aborted } from '../../abort.ts';
import { MINUTE_MS, SECOND_MS, setAlarm } from '../../clock.ts';
import { getLocale, m } from '../../messages/index.ts';
import { failed, success } from '../../result.ts';
import { cancelled, type Failure, type Outcome } from '../failure.ts';
import type { LoginContext, FieldValues, Fetch, Interaction, Services } from '../system.ts';
import { explain } from './errors.ts';
import { AUTHORITIES, TOKENS } from './fields.ts';
import { EntraNetwork } from './network.ts';

/** How long a sign-in waits for its user, in the browser, in the window or with a device code. */
const USER_LIMIT_MS = 10 * MINUTE_MS;

const BASIC_SCOPES = ['openid', 'profile', 'offline_access'];

export interface Token {
  readonly accessToken: string;
  readonly userName: string;
}

/** What all steps of one sign-in need. */
interface Context {
  readonly values: FieldValues;
  readonly scopes: string[];
  readonly network: EntraNetwork;
  readonly services: Services;
  readonly login: LoginContext;
  /** Aborts when the login is aborted, or when the user takes too long. */
  readonly signal: AbortSignal;
}

interface UserContext extends Context {
  readonly user: Interaction;
  readonly expiresAt: number;
}

/**
 * Gets an access token. Asks the user only if `login.user` is set and the stored token cache is not enough.
 * @param values the fields of `microsoftFields`, and the stored token cache
 * @param scope what the token must give access to
 */
export async function acquireToken(
  values: FieldValues,
  scope: string,
  services: Services,
  login: LoginContext,
): Promise<Outcome<Token>> {
  const timeLimit = new AbortController();
  const signal = AbortSignal.any([login.signal, timeLimit.signal]);
  const network = new EntraNetwork(services, signal);
  const scopes = [scope, ...BASIC_SCOPES];
  const context: Context = { values, scopes, network, services, login, signal };
  try {
    const silent = await withStoredTokens(context);
    if (silent) return accept(silent, network);
  } catch (error) {
    const failure = signInFailure(error, network);
    if (failure.kind !== 'refused' || !login.user) return failed(failure);
    network.error = undefined;
  }
  const { user } = login;
  if (!user) return failed(signInFailure(undefined, network));

  // Begin without stored tokens: if another user signs in now, the next renewal must not find the earlier one.
  const withoutTokens = { ...context, values: { ...values, [TOKENS]: '' } };
  const expiresAt = services.clock.now() + USER_LIMIT_MS;
  const cancelTimer = setAlarm(services.clock, USER_LIMIT_MS, () =>
    timeLimit.abort(new DOMException('', 'TimeoutError')),
  );
  try {
    const result = await unlessAborted(withUser({ ...withoutTokens, user, expiresAt }), signal);
    return result ? accept(result, network) : failed(windowClosed());
  } catch (error) {
    if (login.signal.aborted) return failed(cancelled());
    return failed(timeLimit.signal.aborted ? timedOut() : signInFailure(error, network));
  } finally {
    cancelTimer();
  }
}

function accept(
  { accessToken, account }: AuthenticationResult,
  network: EntraNetwork,
): Outcome<Token> {
  // MSAL turns a 503 into an empty token.
  if (accessToken === '') return failed(signInFailure(undefined, network));
  return success({ accessToken, userName: account?.username ?? m.microsoft_account() });
}

/** Prefers what `network` recorded, which says more than MSAL's error. */
function signInFailure(error: unknown, network: EntraNetwork): Failure {
  if (network.failure) return network.failure;
  if (network.error) return explain(network.error);
  const code = isCoded(error) ? error.errorCode : undefined;
  // The browser brings Microsoft's errors to MSAL's own server, so `network` has not recorded them. MSAL's own have no numbers.
  const codes = numbersIn(error);
  if (code !== undefined && (code === 'access_denied' || codes.length > 0)) {
    return explain({ error: code, codes });
  }
  const message =
    code === undefined ? m.not_signed_in_at_microsoft() : m.microsoft_answer_unusable({ code });
  return { kind: 'refused', message };
}

/** Undefined if no tokens are stored. */
async function withStoredTokens(context: Context): Promise<AuthenticationResult | undefined> {
  if (!context.values[TOKENS]) return undefined;
  const application = await createApplication(context);
  const [account] = await application.getTokenCache().getAllAccounts();
  if (!account) return undefined;
  // Always request a new access token: a session may have just ended, and the cached access token may be invalid too.
  return application.acquireTokenSilent({ account, scopes: context.scopes, forceRefresh: true });
}

/** Undefined if the user closed the window. */
function withUser(context: UserContext): Promise<AuthenticationResult | null | undefined> {
  switch (context.values['style']) {
    case 'window':
      return byWindow(context);
    case 'device-code':
      return byDeviceCode(context);
    default:
      return byBrowser(context);
  }
}

/** MSAL waits for the browser's answer with a server on this computer. The registration must allow http://localhost. */
async function byBrowser(context: UserContext): Promise<AuthenticationResult> {
  const { scopes, services, signal, user, expiresAt } = context;
  const application = await createApplication(context);
  return application.acquireTokenInteractive({
    scopes,
    prompt: 'select_account',
    successTemplate: page(m.you_are_signed_in(), m.close_page_and_return()),
    errorTemplate: page(m.you_are_not_signed_in(), m.close_page_keyvigil_says_why()),
    openBrowser: async (url) => {
      void aborted(signal).then(() => stopMsalServer(url, services.fetch));
      if (!signal.aborted) await user.openBrowser(url, expiresAt, signal);
    },
  });
}

/** MSAL cannot cancel a sign-in. An error ends it, sent to its local server as the browser would send it. */
async function stopMsalServer(url: string, fetch: Fetch): Promise<void> {
  const { searchParams } = new URL(url);
  const target = new URL(searchParams.get('redirect_uri') ?? '');
  target.hostname = '127.0.0.1';
  const state = searchParams.get('state') ?? '';
  await fetch(target.href, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ error: 'cancelled', state }).toString(),
  }).catch(() => undefined);
}

/** The authorization code flow with PKCE. Takes the answer from the address that leads to the Return URL. */
async function byWindow(context: UserContext): Promise<AuthenticationResult | undefined> {
  const { values, scopes, network, signal, user, expiresAt } = context;
  const { CryptoProvider } = await import('@azure/msal-node');
  const application = await createApplication(context);
  const crypto = new CryptoProvider();
  const { verifier, challenge } = await crypto.generatePkceCodes();
  const state = crypto.createNewGuid();
  const redirectUri = values['returnUrl'] ?? '';
  const url = await application.getAuthCodeUrl({
    scopes,
    redirectUri,
    responseMode: 'query',
    codeChallenge: challenge,
    codeChallengeMethod: 'S256',
    state,
    prompt: 'select_account',
  });
  signal.throwIfAborted();
  const returned = await user.openWindow(url, redirectUri, expiresAt, signal);
  if (returned === undefined) return undefined;
  const answer = new URL(returned).searchParams;
  if (answer.get('state') !== state) {
    throw Object.assign(new Error('Wrong state.'), { errorCode: 'state_mismatch' });
  }
  const error = answer.get('error');
  if (error !== null) {
    network.error = { error, codes: numbersIn(answer.get('error_description')) };
    throw new Error(error);
  }
  const code = answer.get('code') ?? '';
  return application.acquireTokenByCode({ scopes, redirectUri, code, codeVerifier: verifier });
}

async function byDeviceCode(context: UserContext): Promise<AuthenticationResult | null> {
  const { scopes, services, signal, user } = context;
  const application = await createApplication(context);
  const request: DeviceCodeRequest = {
    scopes,
    cancel: false,
    deviceCodeCallback: ({ userCode, verificationUri, expiresIn }) => {
      const lifetimeMs = Math.min(expiresIn * SECOND_MS, USER_LIMIT_MS);
      user.showCode(userCode, verificationUri, services.clock.now() + lifetimeMs, signal);
    },
  };
  void aborted(signal).then(() => (request.cancel = true));
  return application.acquireTokenByDeviceCode(request);
}

/** MSAL starts with the stored token cache, and each change of the cache is stored. */
async function createApplication(context: Context): Promise<PublicClientApplication> {
  const { values, network, login } = context;
  const { PublicClientApplication, LogLevel } = await import('@azure/msal-node');
  const { clientId = '', tenant = 'common', cloud = 'global' } = values;
  const authority = `${AUTHORITIES[cloud] ?? AUTHORITIES['global']}/${tenant}`;
  return new PublicClientApplication({
    auth: { clientId, authority },
    system: {
      networkClient: network,
      loggerOptions: {
        logLevel: LogLevel.Error,
        piiLoggingEnabled: false,
        loggerCallback: () => undefined,
      },
    },
    cache: {
      cachePlugin: {
        beforeCacheAccess: ({ tokenCache }) =>
          Promise.resolve(tokenCache.deserialize(values[TOKENS] ?? '')),
        afterCacheAccess: async ({ tokenCache, cacheHasChanged }) => {
          if (cacheHasChanged) await login.replaceSecrets({ [TOKENS]: tokenCache.serialize() });
        },
      },
    },
  });
}

function isCoded(error: unknown): error is Error & { errorCode: string } {
  return error instanceof Error && 'errorCode' in error && typeof error.errorCode === 'string';
}

/** The texts of Microsoft's errors contain their numbers. */
function numbersIn(error: unknown): number[] {
  const text = error instanceof Error ? error.message : String(error);
  return [...text.matchAll(/AADSTS(\d+)/g)].map(([, number]) => Number(number));
}

/** The page that the browser shows at the end. MSAL serves only this text, so the page cannot use other files. */
function page(title: string, text: string): string {
  return `<!doctype html><html lang="${getLocale()}"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Keyvigil</title><body style="font:16px system-ui;max-width:30em;margin:20vh auto;padding:0 1em"><h1 style="font-size:1.4em">${title}</h1><p>${text}</p></body></html>`;
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const abort = aborted(signal).then(() => {
    throw new Error('Aborted.');
  });
  return Promise.race([work, abort]);
}

const windowClosed = (): Failure => ({ kind: 'cancelled', message: m.sign_in_window_closed() });
const timedOut = (): Failure => ({ kind: 'cancelled', message: m.sign_in_took_too_long() });
