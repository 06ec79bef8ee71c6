import { MINUTE_MS } from '../clock.ts';
import type { Session } from './session.ts';

/**
 * When a session next needs attention, as an absolute time in milliseconds since 1970; undefined where only the user can do
 * something. Absolute, because a machine that slept for an hour must find the deadline passed, not start counting anew.
 */
export function dueAt(session: Session, keepAliveMinutes: number, now: number): number | undefined {
  switch (session.state) {
    case 'live':
      // The clock was set back: how long ago it was verified, nobody knows any more.
      if (session.held.verifiedAt > now) return now;
      return session.held.verifiedAt + keepAliveMinutes * MINUTE_MS;
    case 'offline':
      return session.retryAt;
    case 'signed-out':
    case 'signing-in':
    case 'renewing':
    case 'sign-in-needed':
      return undefined;
  }
}
