import { formatNumber } from '../messages/formats.ts';
import { m } from '../messages/index.ts';
import type { AccountView, ActivityView, SessionState } from './contract.ts';

/** The words for a session's state, in the popup, the tray menu, the report and the command line. */
const STATE_WORDS: Readonly<Record<SessionState, () => string>> = {
  'signed-out': m.signed_out,
  'signing-in': m.signing_in,
  live: m.live,
  renewing: m.renewing,
  offline: m.offline,
  'sign-in-needed': m.sign_in_needed,
};

export const stateWords = (state: SessionState): string => STATE_WORDS[state]();

/** Whether Keyvigil offers to sign in. */
export const needsSignIn = (state: SessionState): boolean =>
  state === 'signed-out' || state === 'sign-in-needed';

type Happening = ActivityView['happenings'][number];

const HAPPENING_WORDS: Readonly<Record<Happening['kind'], () => string>> = {
  'signed-in': m.signed_in,
  'kept-alive': m.kept_alive,
  renewed: m.renewed_by_keyvigil,
  expired: m.session_expired,
  offline: m.offline,
  'user-needed': m.sign_in_needed,
  'signed-out': m.signed_out,
  asleep: m.computer_asleep,
  closed: m.keyvigil_was_not_running,
};

const MAX_RESTART_MS = 60_000;

/** The words for what happened to a session, in the popup and the report. */
export function happeningWords({ kind, times, from, to }: Happening): string {
  if (kind === 'kept-alive' && times === 0) return m.still_live();
  if (kind === 'kept-alive' && times > 1) return m.kept_alive_times({ times });
  if (kind === 'closed' && to - from < MAX_RESTART_MS) return m.keyvigil_was_restarted();
  return HAPPENING_WORDS[kind]();
}

/** Whether the happening is shown without a duration. */
export const isMoment = ({ kind }: Happening): boolean =>
  kind === 'signed-in' || kind === 'renewed' || kind === 'expired';

/** "every 8 min, while you use this computer". */
export function keptAlive({
  keepAliveMinutes: minutes,
  rest,
}: Pick<AccountView, 'keepAliveMinutes' | 'rest'>) {
  switch (rest?.when) {
    case undefined:
      return m.every_minutes({ minutes });
    case 'away':
      return m.every_minutes_while_present({ minutes });
    case 'off-hours':
      return m.every_minutes_in_working_hours({ minutes, from: rest.from, to: rest.to });
  }
}

/** Rounds down, because 99.96 % must not look like 100 %. */
export const percent = (share: number): string =>
  `${formatNumber(Math.floor(share * 1000) / 10)} %`;

/** "40 s", "7 min", "3 h 20 min", "2 days 5 h". */
export function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes === 0) return `${Math.floor(ms / 1000)} s`;
  if (hours === 0) return `${minutes} min`;
  if (days === 0) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const whole = m.days({ count: days });
  return hours % 24 === 0 ? whole : `${whole} ${hours % 24} h`;
}

/** "once", "1,204 times". */
export const count = (times: number): string => m.times({ count: times });
