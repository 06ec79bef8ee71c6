/**
 * Signing in with a Microsoft account (Entra ID), by @azure/msal-node: silently by refresh token before anything else, then, where
 * a user waits, in one of three ways.
 */
import type { AuthenticationResult, PublicClientApplication } from '@azure/msal-node';
import { MINUTE_MS, SECOND_MS } from '../../clock.ts';
import { failed, success, type Failure, type Outcome } from '../failure.ts';
import type { Attempt, FieldValues, Interaction, Services } from '../system.ts';
import { explain } from './errors.ts';
import { AUTHORITIES, TOKENS } from './fields.ts';
import { EntraNetwork } from './network.ts';

/** A tab, a window or a code that was forgotten ends by itself. */
const USER_LIMIT_MS = 10 * MINUTE_MS;

const BASIC_SCOPES = ['openid', 'profile', 'offline_access'];

export interface Token {
  readonly accessToken: string;
  readonly userName: string;
}

/**
 * An access token for the user whose token cache is held, or for the one who now signs in. The browser, or anything else, opens only
 * where `attempt.user` waits.
 * @param values as `microsoftFields` names them, and the held token cache
 * @param scope what the token is to be good for
 */
export async function acquireToken(
  values: FieldValues,
  scope: string,
  services: Services,
  attempt: Attempt,
): Promise<Outcome<Token>> {
  const end = new AbortController();
  const network = new EntraNetwork(services, AbortSignal.any([attempt.signal, end.signal]));
  const session = new Session(values, [scope, ...BASIC_SCOPES], network, services, attempt);
  try {
    const silent = await session.silently();
    if (silent) return session.accept(silent);
  } catch (error) {
    const failure = session.why(error);
    if (failure.kind !== 'refused' || !attempt.user) return failed(failure);
    network.error = undefined;
  }
  const { user } = attempt;
  if (!user) return failed(session.why(undefined));

  const expiresAt = services.clock.now() + USER_LIMIT_MS;
  const cancelTimer = services.clock.setTimer(USER_LIMIT_MS, () => end.abort());
  try {
    const signal = AbortSignal.any([attempt.signal, end.signal]);
    const result = await untilAborted(session.withUser(user, expiresAt, signal), signal);
    return result ? session.accept(result) : failed(CLOSED);
  } catch (error) {
    if (attempt.signal.aborted) return failed(CANCELLED);
    return failed(end.signal.aborted ? FORGOTTEN : session.why(error));
  } finally {
    cancelTimer();
  }
}

/** One use of MSAL: its cache begins with what is held, and what it becomes is held from then on. */
class Session {
  readonly #values: FieldValues;
  readonly #scopes: string[];
  readonly #network: EntraNetwork;
  readonly #services: Services;
  readonly #attempt: Attempt;

  constructor(
    values: FieldValues,
    scopes: string[],
    network: EntraNetwork,
    services: Services,
    attempt: Attempt,
  ) {
    this.#values = values;
    this.#scopes = scopes;
    this.#network = network;
    this.#services = services;
    this.#attempt = attempt;
  }

  /** By refresh token; undefined where none is held. */
  async silently(): Promise<AuthenticationResult | undefined> {
    if (!this.#values[TOKENS]) return undefined;
    const application = await this.#application();
    const [account] = await application.getTokenCache().getAllAccounts();
    if (!account) return undefined;
    // Renewed although the one in the cache may do: it is asked for only where a session has ended.
    return application.acquireTokenSilent({ account, scopes: this.#scopes, forceRefresh: true });
  }

  async withUser(
    user: Interaction,
    expiresAt: number,
    signal: AbortSignal,
  ): Promise<AuthenticationResult | null | undefined> {
    switch (this.#values['style']) {
      case 'window':
        return this.#byWindow(user, expiresAt, signal);
      case 'device-code':
        return this.#byDeviceCode(user, signal);
      default:
        return this.#byBrowser(user, expiresAt, signal);
    }
  }

  accept({ accessToken, account }: AuthenticationResult): Outcome<Token> {
    // A 503 can come out as a token that is empty.
    if (accessToken === '') return failed(this.why(undefined));
    return success({ accessToken, userName: account?.username ?? 'Microsoft account' });
  }

  /** What is to be made of an error of MSAL: what the network saw says more than the error does. */
  why(error: unknown): Failure {
    const { failure, error: refusal } = this.#network;
    if (failure) return failure;
    if (refusal) return explain(refusal);
    const code = isCoded(error) ? error.errorCode : undefined;
    // What a person did reaches MSAL by way of its own server, and not the network.
    if (code === 'access_denied') {
      return explain({ error: code, description: '', codes: numbersIn(error) });
    }
    return {
      kind: 'refused',
      message: `The sign-in at Microsoft is needed once more${code ? ` (${code})` : ''}.`,
    };
  }

  /** `acquireTokenInteractive`: a loopback server that takes the answer by form_post. Needs http://localhost in the registration. */
  async #byBrowser(
    user: Interaction,
    expiresAt: number,
    signal: AbortSignal,
  ): Promise<AuthenticationResult> {
    const application = await this.#application();
    return application.acquireTokenInteractive({
      scopes: this.#scopes,
      prompt: 'select_account',
      successTemplate: page('You are signed in', 'You can close this page and return to Keyvigil.'),
      errorTemplate: page(
        'You are not signed in',
        'Close this page; Keyvigil says what went wrong.',
      ),
      openBrowser: async (url) => {
        signal.addEventListener('abort', () => void this.#closeLoopback(url), { once: true });
        await user.browser(url, expiresAt);
      },
    });
  }

  /** MSAL has no way to cancel: an answer of our own ends its server. */
  async #closeLoopback(url: string): Promise<void> {
    const { searchParams } = new URL(url);
    const target = new URL(searchParams.get('redirect_uri') ?? '');
    target.hostname = '127.0.0.1';
    const state = searchParams.get('state') ?? '';
    await this.#services
      .fetch(target.href, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ error: 'cancelled', state }).toString(),
      })
      .catch(() => undefined);
  }

  /** The authorization code flow with PKCE, whose answer is taken from the address that leads to the Return URL. */
  async #byWindow(
    user: Interaction,
    expiresAt: number,
    signal: AbortSignal,
  ): Promise<AuthenticationResult | undefined> {
    const { CryptoProvider } = await import('@azure/msal-node');
    const application = await this.#application();
    const crypto = new CryptoProvider();
    const { verifier, challenge } = await crypto.generatePkceCodes();
    const state = crypto.createNewGuid();
    const redirectUri = this.#values['returnUrl'] ?? '';
    const common = { scopes: this.#scopes, redirectUri };
    const url = await application.getAuthCodeUrl({
      ...common,
      responseMode: 'query',
      codeChallenge: challenge,
      codeChallengeMethod: 'S256',
      state,
      prompt: 'select_account',
    });
    const returned = await user.window(url, redirectUri, expiresAt, signal);
    if (returned === undefined) return undefined;
    const answer = new URL(returned).searchParams;
    if (answer.get('state') !== state) throw new StateMismatch();
    const error = answer.get('error');
    if (error !== null) {
      const description = answer.get('error_description') ?? '';
      this.#network.error = { error, description, codes: numbersIn(description) };
      throw new Error(error);
    }
    return application.acquireTokenByCode({
      ...common,
      code: answer.get('code') ?? '',
      codeVerifier: verifier,
    });
  }

  async #byDeviceCode(
    user: Interaction,
    signal: AbortSignal,
  ): Promise<AuthenticationResult | null> {
    const application = await this.#application();
    const request = {
      scopes: this.#scopes,
      cancel: false,
      deviceCodeCallback: ({ userCode, verificationUri, expiresIn }: DeviceCode) =>
        user.code(
          userCode,
          verificationUri,
          this.#services.clock.now() + Math.min(expiresIn * SECOND_MS, USER_LIMIT_MS),
        ),
    };
    signal.addEventListener('abort', () => (request.cancel = true), { once: true });
    return application.acquireTokenByDeviceCode(request);
  }

  async #application(): Promise<PublicClientApplication> {
    const { PublicClientApplication, LogLevel } = await import('@azure/msal-node');
    const { clientId = '', tenant = 'common', cloud = 'global' } = this.#values;
    const authority = `${AUTHORITIES[cloud] ?? AUTHORITIES['global']}/${tenant}`;
    return new PublicClientApplication({
      auth: { clientId, authority },
      system: {
        networkClient: this.#network,
        loggerOptions: {
          logLevel: LogLevel.Error,
          piiLoggingEnabled: false,
          loggerCallback: () => undefined,
        },
      },
      cache: {
        cachePlugin: {
          beforeCacheAccess: (context) => {
            context.tokenCache.deserialize(this.#values[TOKENS] ?? '');
            return Promise.resolve();
          },
          afterCacheAccess: async (context) => {
            if (!context.cacheHasChanged) return;
            await this.#attempt.hold({ [TOKENS]: context.tokenCache.serialize() });
          },
        },
      },
    });
  }
}

type DeviceCode = { userCode: string; verificationUri: string; expiresIn: number };

class StateMismatch extends Error {
  readonly errorCode = 'state_mismatch';
}

function isCoded(error: unknown): error is Error & { errorCode: string } {
  return error instanceof Error && 'errorCode' in error && typeof error.errorCode === 'string';
}

/** The numbers of Microsoft's errors stand in their texts, too. */
function numbersIn(error: unknown): number[] {
  const text = error instanceof Error ? error.message : String(error);
  return [...text.matchAll(/AADSTS(\d+)/g)].map(([, number]) => Number(number));
}

/** What the browser shows in the end: plain, for it is served by MSAL from a page without anything else. */
function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Keyvigil</title><body style="font:16px system-ui;max-width:30em;margin:20vh auto;padding:0 1em"><h1 style="font-size:1.4em">${title}</h1><p>${text}</p></body></html>`;
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_resolve, reject) => {
    const abort = () => reject(new Error('Aborted.'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  return Promise.race([work, aborted]);
}

const CANCELLED: Failure = { kind: 'cancelled', message: 'Cancelled.' };
const CLOSED: Failure = {
  kind: 'cancelled',
  message: 'The sign-in window was closed before the sign-in was complete.',
};
const FORGOTTEN: Failure = {
  kind: 'cancelled',
  message:
    'Nobody signed in within 10 minutes, so Keyvigil has stopped waiting. Sign in again when you are ready.',
};
