import { MINUTE_MS } from '../clock.ts';
import type { System } from '../systems/system.ts';
import type { Session } from './session.ts';

/** How often a session wants to be used, in milliseconds. */
export interface Rhythm {
  /** By itself. */
  readonly ownMs: number;
  /** Where one use counts for all sessions of a server: how often one is wanted from any of them. */
  readonly sharedMs?: number;
  /** Unused for so long, it is gone. Where that is not documented, nothing is said. */
  readonly expiryMs?: number;
}

/** How often a session is kept alive unless its account says otherwise, in minutes. */
export function usualMinutes({ keepAlive }: System): number {
  return keepAlive.serverMinutes ?? keepAlive.sessionMinutes;
}

/** @param minutes what the user has set: of the system's limits, the one that is reached first */
export function rhythm({ keepAlive }: System, minutes: number): Rhythm {
  const { serverMinutes, sessionMinutes, expiryMinutes } = keepAlive;
  return {
    ...(serverMinutes === undefined
      ? { ownMs: minutes * MINUTE_MS }
      : { sharedMs: minutes * MINUTE_MS, ownMs: Math.max(minutes, sessionMinutes) * MINUTE_MS }),
    ...(expiryMinutes !== undefined && { expiryMs: expiryMinutes * MINUTE_MS }),
  };
}

/**
 * When a session needs attention for its own sake, as an absolute time; undefined where only the user can do something.
 * Absolute, because a machine that slept for an hour must find the deadline passed, not start counting anew.
 */
export function dueAt(session: Session, { ownMs }: Rhythm): number | undefined {
  switch (session.state) {
    case 'live':
      return session.held.verifiedAt + ownMs;
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

export interface Kept {
  readonly session: Session;
  readonly rhythm: Rhythm;
}

/**
 * When a server wants to be used for the sake of all its sessions, and whose turn it is: that of the one which was used longest
 * ago. Undefined where no session is live, or the system has no such rule.
 */
export function nextTurn<K extends Kept>(all: Iterable<K>): { at: number; by: K } | undefined {
  let everyMs = Infinity;
  let latest = -Infinity;
  let oldest = Infinity;
  let by: K | undefined;
  for (const kept of all) {
    if (kept.session.state !== 'live') continue;
    const { verifiedAt } = kept.session.held;
    everyMs = Math.min(everyMs, kept.rhythm.sharedMs ?? Infinity);
    latest = Math.max(latest, verifiedAt);
    if (verifiedAt < oldest) [oldest, by] = [verifiedAt, kept];
  }
  return by && everyMs < Infinity ? { at: latest + everyMs, by } : undefined;
}
