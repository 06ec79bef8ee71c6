import type { Fact } from '../systems/system.ts';
import type { Held } from './account.ts';

/** What a session can be. Pure data: what happens to it stands in `after`, and nowhere else. */
export type Session =
  | { readonly state: 'signed-out'; readonly problem?: string }
  | { readonly state: 'signing-in'; readonly held?: Held }
  | { readonly state: 'live'; readonly held: Held }
  | { readonly state: 'renewing'; readonly held?: Held; readonly attempts: number }
  | {
      readonly state: 'offline';
      readonly held?: Held;
      readonly problem: string;
      /** When the server is tried again, in milliseconds since 1970. */
      readonly retryAt: number;
      /** It is the server that is away, for all its accounts; not something of this account alone. */
      readonly isServerAway: boolean;
      /** Until then the server asked to be left alone, whatever wakes up meanwhile. */
      readonly notBefore?: number;
      /** How often it failed in a row. */
      readonly attempts: number;
    }
  | { readonly state: 'sign-in-needed'; readonly problem: string };

export type SessionEvent =
  | { readonly type: 'sign-in-started' }
  | { readonly type: 'renewal-started' }
  | { readonly type: 'signed-in'; readonly held: Held }
  | { readonly type: 'verified'; readonly at: number; readonly facts?: readonly Fact[] }
  /** `certain`: the key is dead beyond doubt. */
  | { readonly type: 'lost'; readonly certain: boolean }
  | { readonly type: 'user-needed'; readonly problem: string }
  | {
      readonly type: 'set-back';
      readonly problem: string;
      readonly retryAt: number;
      readonly isServerAway: boolean;
      readonly notBefore?: number;
    }
  /** Another account has found that the server is away, or that it is back. */
  | { readonly type: 'server-away'; readonly found: Offline }
  | { readonly type: 'server-back'; readonly retryAt: number; readonly isKeyTrusted: boolean }
  /** The server has answered others meanwhile: what is wrong is this account's own. */
  | { readonly type: 'server-there' }
  /** The network is back, or the machine: no reason to wait any longer. */
  | { readonly type: 'retry-moved'; readonly retryAt: number }
  | { readonly type: 'signed-out'; readonly problem?: string };

export type Offline = Extract<Session, { state: 'offline' }>;

export const SIGNED_OUT: Session = { state: 'signed-out' };

/** The key that is held, if any: while a session is not known to be gone, its key is kept. */
export function heldBy(session: Session): Held | undefined {
  return 'held' in session ? session.held : undefined;
}

/** The session after an event. An event that makes no sense in a state leaves the state alone. */
export function after(session: Session, event: SessionEvent): Session {
  const held = heldBy(session);
  switch (event.type) {
    case 'sign-in-started':
      return { state: 'signing-in', ...(held && { held }) };
    case 'renewal-started':
      return { state: 'renewing', ...(held && { held }), attempts: failuresInARow(session) };
    case 'signed-in':
      return { state: 'live', held: event.held };
    case 'verified':
      return held
        ? {
            state: 'live',
            held: { ...held, verifiedAt: event.at, facts: merge(held.facts, event.facts) },
          }
        : session;
    case 'lost':
      return {
        state: 'renewing',
        ...(held && !event.certain && { held }),
        attempts: failuresInARow(session),
      };
    case 'user-needed':
      return { state: 'sign-in-needed', problem: event.problem };
    case 'set-back':
      return {
        state: 'offline',
        ...(held && { held }),
        problem: event.problem,
        retryAt: event.retryAt,
        isServerAway: event.isServerAway,
        ...(event.notBefore !== undefined && { notBefore: event.notBefore }),
        attempts: failuresInARow(session) + 1,
      };
    case 'retry-moved':
      return session.state === 'offline'
        ? {
            ...session,
            // How often it failed before says nothing of now.
            attempts: 0,
            retryAt: Math.min(session.retryAt, Math.max(event.retryAt, session.notBefore ?? 0)),
          }
        : session;
    case 'server-away':
      return session.state === 'live' || session.state === 'renewing' || session.state === 'offline'
        ? { ...without(event.found, 'held'), ...(held && { held }) }
        : session;
    case 'server-back':
      if (session.state !== 'offline' || !session.isServerAway) return session;
      if (held && event.isKeyTrusted) return { state: 'live', held };
      return {
        ...without(session, 'notBefore'),
        isServerAway: false,
        retryAt: event.retryAt,
        attempts: 0,
      };
    case 'server-there':
      return session.state === 'offline' ? { ...session, isServerAway: false } : session;
    case 'signed-out':
      return { state: 'signed-out', ...(event.problem && { problem: event.problem }) };
  }
}

export function failuresInARow(session: Session): number {
  return 'attempts' in session ? session.attempts : 0;
}

function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = object;
  return rest;
}

/** What is new takes the place of what was said before under the same label. */
function merge(before: readonly Fact[], news: readonly Fact[] = []): Fact[] {
  return [...new Map([...before, ...news].map((fact) => [fact.label, fact])).values()];
}
