import { MINUTE_MS } from '../clock.ts';
import type { System } from '../systems/system.ts';
import type { Session } from './session.ts';

/** How often a session must be used, in milliseconds. */
export interface Rhythm {
  readonly sessionMs: number;
  /** How often the server needs a request from any of its sessions. Absent if each session needs its own requests. */
  readonly serverMs?: number;
  readonly expiryMs?: number;
}

/** The keep-alive interval of a new account, in minutes. */
export function defaultMinutes({ keepAliveRhythm }: System): number {
  return keepAliveRhythm.serverMinutes ?? keepAliveRhythm.sessionMinutes;
}

/** @param minutes the user's setting; it replaces `serverMinutes` if the system has that, otherwise `sessionMinutes` */
export function rhythm({ keepAliveRhythm }: System, minutes: number): Rhythm {
  const { serverMinutes, sessionMinutes, expiryMinutes } = keepAliveRhythm;
  return {
    ...(serverMinutes === undefined
      ? { sessionMs: minutes * MINUTE_MS }
      : {
          serverMs: minutes * MINUTE_MS,
          sessionMs: Math.max(minutes, sessionMinutes) * MINUTE_MS,
        }),
    ...(expiryMinutes !== undefined && { expiryMs: expiryMinutes * MINUTE_MS }),
  };
}

/** When a session needs its own request; undefined if only the user can act. This time can pass during sleep. */
export function dueAt(session: Session, { sessionMs }: Rhythm): number | undefined {
  switch (session.state) {
    case 'live':
      return session.sessionKey.verifiedAt + sessionMs;
    case 'renewing':
      return -Infinity;
    case 'offline':
      return session.retryAt;
    case 'signed-out':
    case 'signing-in':
    case 'sign-in-needed':
      return undefined;
  }
}

interface Kept {
  readonly session: Session;
  readonly rhythm: Rhythm;
}

/**
 * When the server needs its next request to keep all sessions alive, and which session sends it: the one that was unused for
 * longest. Undefined if no session is live, or if each session needs its own requests.
 */
export function nextServerRequest<K extends Kept>(
  all: Iterable<K>,
): { at: number; sender: K } | undefined {
  let intervalMs = Infinity;
  let latest = -Infinity;
  let oldest = Infinity;
  let sender: K | undefined;
  for (const kept of all) {
    if (kept.session.state !== 'live') continue;
    const { verifiedAt } = kept.session.sessionKey;
    intervalMs = Math.min(intervalMs, kept.rhythm.serverMs ?? Infinity);
    latest = Math.max(latest, verifiedAt);
    if (verifiedAt < oldest) [oldest, sender] = [verifiedAt, kept];
  }
  return sender && intervalMs < Infinity ? { at: latest + intervalMs, sender } : undefined;
}
