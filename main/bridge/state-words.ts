import type { ActivityView, SessionState } from './contract.ts';

/** The words on screen for what a session can be, in the popup and in the tray's menu. */
export const STATE_WORDS: Readonly<Record<SessionState, string>> = {
  'signed-out': 'Signed out',
  'signing-in': 'Signing in…',
  live: 'Live',
  renewing: 'Renewing…',
  offline: 'Offline',
  'sign-in-needed': 'Sign-in needed',
};

type Happening = Omit<ActivityView['happenings'][number], 'reason'>;

const RESTART_MS = 60_000;

/** The words for what happened to a session, in the popup and in the report. */
export function happeningWords({ kind, times, from, to }: Happening): string {
  switch (kind) {
    case 'kept-alive':
      if (times === 0) return 'Live as before';
      return times === 1 ? 'Kept alive' : `Kept alive ${times} times`;
    case 'signed-in':
      return 'Signed in';
    case 'renewed':
      return 'Signed in anew by Keyvigil';
    case 'lost':
      return 'The server had ended the session';
    case 'offline':
      return STATE_WORDS.offline;
    case 'user-needed':
      return STATE_WORDS['sign-in-needed'];
    case 'signed-out':
      return STATE_WORDS['signed-out'];
    case 'asleep':
      return 'Computer asleep';
    case 'closed':
      return to - from < RESTART_MS ? 'Keyvigil was restarted' : 'Keyvigil was not running';
  }
}

/** What has no length for people, although it lasts until something else happens. */
export const isMoment = ({ kind }: Pick<Happening, 'kind'>): boolean =>
  kind === 'signed-in' || kind === 'renewed' || kind === 'lost';

/** 99.96 % is not 100 %: what was not live the whole time is not to look as if it had been. */
export const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

/** "40 s", "7 min", "3 h 20 min", "2 days 5 h". */
export function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  if (days === 0) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const whole = days === 1 ? '1 day' : `${days} days`;
  return hours % 24 === 0 ? whole : `${whole} ${hours % 24} h`;
}
