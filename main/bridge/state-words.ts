import type { AccountView, ActivityView, SessionState } from './contract.ts';

/** The words for a session's state, in the popup, the tray menu and the report. */
export const STATE_WORDS: Readonly<Record<SessionState, string>> = {
  'signed-out': 'Signed out',
  'signing-in': 'Signing in…',
  live: 'Live',
  renewing: 'Renewing…',
  offline: 'Offline',
  'sign-in-needed': 'Sign-in needed',
};

/** The account has no session, and gets none without its user. */
export const needsSignIn = (state: SessionState): boolean =>
  state === 'signed-out' || state === 'sign-in-needed';

type Happening = ActivityView['happenings'][number];

const HAPPENING_WORDS: Readonly<Record<Happening['kind'], string>> = {
  'signed-in': 'Signed in',
  'kept-alive': 'Kept alive',
  renewed: 'Signed in again by Keyvigil',
  expired: 'Session expired',
  offline: STATE_WORDS.offline,
  'user-needed': STATE_WORDS['sign-in-needed'],
  'signed-out': STATE_WORDS['signed-out'],
  asleep: 'Computer asleep',
  closed: 'Keyvigil was not running',
};

const MAX_RESTART_MS = 60_000;

/** The words for what happened to a session, in the popup and the report. */
export function happeningWords({ kind, times, from, to }: Happening): string {
  if (kind === 'kept-alive' && times === 0) return 'Still live';
  if (kind === 'kept-alive' && times > 1) return `Kept alive ${times} times`;
  if (kind === 'closed' && to - from < MAX_RESTART_MS) return 'Keyvigil was restarted';
  return HAPPENING_WORDS[kind];
}

/** It is shown without a duration. */
export const isMoment = ({ kind }: Happening): boolean =>
  kind === 'signed-in' || kind === 'renewed' || kind === 'expired';

/** "every 8 min, while you use this computer". */
export function keptAlive({
  keepAliveMinutes,
  rest,
}: Pick<AccountView, 'keepAliveMinutes' | 'rest'>) {
  const every = `every ${keepAliveMinutes} min`;
  switch (rest?.when) {
    case undefined:
      return every;
    case 'away':
      return `${every}, while you use this computer`;
    case 'off-hours':
      return `${every}, Monday to Friday from ${rest.from} to ${rest.to}`;
  }
}

/** Rounds down: 99.96 % must not look like 100 %. */
export const percent = (share: number): string => `${Math.floor(share * 1000) / 10} %`;

/** "40 s", "7 min", "3 h 20 min", "2 days 5 h". */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes === 0) return `${Math.floor(ms / 1000)} s`;
  if (hours === 0) return `${minutes} min`;
  if (days === 0) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const whole = days === 1 ? '1 day' : `${days} days`;
  return hours % 24 === 0 ? whole : `${whole} ${hours % 24} h`;
}

/** "once", "1,204 times". */
export const count = (times: number): string =>
  times === 1 ? 'once' : `${times.toLocaleString('en')} times`;
