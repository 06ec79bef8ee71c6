import type { Fact } from '../systems/system.ts';
import type { SavedAccount, SessionKey } from './saved-account.ts';

/** The states of a session. Only `reduce` changes the state. */
export type Session =
  | { readonly state: 'signed-out'; readonly problem?: string }
  /** A cancelled sign-in returns to `before`. */
  | { readonly state: 'signing-in'; readonly before: Session }
  | { readonly state: 'live'; readonly sessionKey: SessionKey }
  /** Keyvigil logs in silently, or verifies a key of its last run. */
  | ({ readonly state: 'renewing' } & Unverified)
  | ({ readonly state: 'offline' } & Outage & Unverified)
  /** `serverSaid` is the server's own text: shown, but not recorded. */
  | { readonly state: 'sign-in-needed'; readonly problem: string; readonly serverSaid?: string };

interface Unverified {
  /** Kept as long as the session may be alive. */
  readonly sessionKey?: SessionKey;
  /** Failures in a row. */
  readonly failures: number;
  /** The server answered other accounts but not this one, so this account's failures say nothing about the server. */
  readonly failsAlone: boolean;
}

interface Outage {
  readonly problem: string;
  /** When to send the next request, in the clock's milliseconds. */
  readonly retryAt: number;
  /** The server asked to wait until this time. Only the user's own *Verify now* and sign-in are sent earlier. */
  readonly notBefore?: number;
  /** The server responds to none of its accounts. */
  readonly isServerAway: boolean;
}

export type Offline = Extract<Session, { state: 'offline' }>;

export type SessionEvent =
  | { readonly type: 'sign-in-started' }
  | { readonly type: 'sign-in-cancelled' }
  | { readonly type: 'renewal-started' }
  | { readonly type: 'signed-in'; readonly sessionKey: SessionKey }
  /** The server accepted the key. */
  | { readonly type: 'verified'; readonly at: number; readonly facts?: readonly Fact[] }
  /** The server has identified itself. This says nothing about the session. */
  | { readonly type: 'server-identified' }
  /** The session has expired: the server said so, or it was unused for too long. */
  | { readonly type: 'expired'; readonly saidByServer: boolean }
  /** Only the user can sign in now: the server refused the login, or Keyvigil may not log in by itself. */
  | {
      readonly type: 'user-needed';
      readonly problem: string;
      readonly serverSaid?: string;
      readonly saidByServer: boolean;
    }
  | {
      readonly type: 'failed';
      readonly problem: string;
      readonly retryAt: number;
      readonly notBefore?: number;
      /** True if the account's own server did not respond. False if another server did not, such as Microsoft's. */
      readonly isServerAway: boolean;
    }
  /** Another account found that the server does not respond. */
  | { readonly type: 'server-away'; readonly outage: Outage & Pick<Unverified, 'failures'> }
  /** Another account found that the server responds again. */
  | { readonly type: 'server-back'; readonly retryAt: number; readonly isKeyTrusted: boolean }
  /** The server has just answered another request, so only this account has trouble. */
  | { readonly type: 'server-not-away' }
  /** Retry sooner: the network or the machine is back, or somebody asks for the key. */
  | { readonly type: 'retry-moved'; readonly retryAt: number }
  | { readonly type: 'signed-out'; readonly problem?: string };

export const SIGNED_OUT: Session = { state: 'signed-out' };

/**
 * The session of an account that was just loaded.
 * @param whyNotRenew why Keyvigil may not log in without the user; undefined if it may
 */
export function initialSession(
  { wanted }: Pick<SavedAccount, 'wanted'>,
  sessionKey: SessionKey | undefined,
  whyNotRenew: string | undefined,
): Session {
  if (!wanted) return SIGNED_OUT;
  const fresh = { failures: 0, failsAlone: false };
  // The session may still be alive, and verifying it needs no login.
  if (sessionKey) return { state: 'renewing', sessionKey, ...fresh };
  if (whyNotRenew !== undefined) return { state: 'sign-in-needed', problem: whyNotRenew };
  return { state: 'renewing', ...fresh };
}

export function sessionKeyOf(session: Session): SessionKey | undefined {
  if (session.state === 'signing-in') return sessionKeyOf(session.before);
  return 'sessionKey' in session ? session.sessionKey : undefined;
}

/** What an account's outage says about its server, for the other accounts. */
export function outageOf({ problem, retryAt, notBefore, isServerAway, failures }: Offline) {
  return {
    problem,
    retryAt,
    ...(notBefore !== undefined && { notBefore }),
    isServerAway,
    failures,
  };
}

/** Why the session is not live, in words for the user. */
export function problemOf(session: Session): string | undefined {
  return 'problem' in session ? session.problem : undefined;
}

export function failuresOf(session: Session): number {
  return 'failures' in session ? session.failures : 0;
}

/** The session after an event. An event that makes no sense in a state changes nothing. */
export function reduce(session: Session, event: SessionEvent): Session {
  const sessionKey = sessionKeyOf(session);
  const unverified: Unverified = {
    ...(sessionKey && { sessionKey }),
    failures: failuresOf(session),
    failsAlone: 'failsAlone' in session && session.failsAlone,
  };
  switch (event.type) {
    case 'sign-in-started':
      return session.state === 'signing-in' ? session : { state: 'signing-in', before: session };
    case 'sign-in-cancelled':
      return session.state === 'signing-in' ? session.before : session;
    case 'renewal-started':
      return { state: 'renewing', ...unverified };
    case 'signed-in':
      return { state: 'live', sessionKey: event.sessionKey };
    case 'verified': {
      if (!sessionKey) return session;
      const facts = merge(sessionKey.facts, event.facts);
      return { state: 'live', sessionKey: { ...sessionKey, verifiedAt: event.at, facts } };
    }
    case 'server-identified':
      return session;
    case 'expired':
      return { state: 'renewing', ...without(unverified, 'sessionKey') };
    case 'user-needed':
      return {
        state: 'sign-in-needed',
        problem: event.problem,
        ...(event.serverSaid !== undefined && { serverSaid: event.serverSaid }),
      };
    case 'failed': {
      const { problem, retryAt, notBefore, isServerAway } = event;
      return {
        state: 'offline',
        ...unverified,
        problem,
        retryAt,
        ...(notBefore !== undefined && { notBefore }),
        isServerAway: isServerAway && !unverified.failsAlone,
        failures: unverified.failures + 1,
      };
    }
    case 'server-away':
      return session.state === 'live' || session.state === 'renewing' || session.state === 'offline'
        ? { state: 'offline', ...unverified, ...event.outage, failsAlone: false }
        : session;
    case 'server-back':
      if (session.state !== 'offline' || !session.isServerAway) return session;
      if (sessionKey && event.isKeyTrusted) return { state: 'live', sessionKey };
      return {
        ...without(session, 'notBefore'),
        isServerAway: false,
        retryAt: event.retryAt,
        failures: 0,
      };
    case 'server-not-away':
      return session.state === 'offline'
        ? { ...session, isServerAway: false, failsAlone: true }
        : session;
    case 'retry-moved': {
      if (session.state !== 'offline') return session;
      const { retryAt, notBefore = 0 } = session;
      // Start the backoff again: the cause of the earlier failures may be gone.
      return {
        ...session,
        failures: 0,
        retryAt: Math.min(retryAt, Math.max(event.retryAt, notBefore)),
      };
    }
    case 'signed-out':
      return { state: 'signed-out', ...(event.problem && { problem: event.problem }) };
  }
}

function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = object;
  return rest;
}

/** A new fact replaces an earlier one with the same label. */
function merge(before: readonly Fact[], news: readonly Fact[] = []): Fact[] {
  return [...new Map([...before, ...news].map((fact) => [fact.label, fact])).values()];
}
