import type { ScriptUses } from '../activity/activity-log.ts';
import { newestFirst, uptimes, type Span, type Timeline } from '../activity/timeline.ts';
import { MINUTE_MS } from '../clock.ts';
import { m } from '../messages/index.ts';
import type { Account } from '../sessions/account.ts';
import type { SavedAccount } from '../sessions/saved-account.ts';
import { problemOf } from '../sessions/session.ts';
import { redact } from '../systems/redact.ts';
import type { Method } from '../systems/system.ts';
import {
  count,
  duration,
  happeningWords,
  isMoment,
  keptAlive,
  percent,
  stateWords,
} from './state-words.ts';

/** The running Keyvigil and its computer. */
export interface Product {
  readonly version: string;
  readonly runtime: string;
  readonly platform: string;
}

type Reported = Pick<Account, 'saved' | 'system' | 'method' | 'session'>;

const MARK = '•••';
const EMAIL = /[^\s@<>"“”'(),;:]+@[^\s@<>"“”'(),;:]+/g;
const QUERY = /\?[^\s"”]+=[^\s"”]*/g;
/** Shorter values also occur in unrelated words. */
const MIN_VALUE_LENGTH = 3;

/**
 * What happened to an account, as text for a support mail. Contains the server and the method, but no key, no credentials, and
 * not the account's name, which is often the name of a person or a client.
 */
export function activityReport(
  { version, runtime, platform }: Product,
  { saved, system, method, session }: Reported,
  { spans, until, isCut }: Timeline,
  uses: ScriptUses,
): string {
  const clean = cleaner(method, saved);
  const reason = (text: string | undefined) => (text ? `: ${clean(text)}` : '');
  const line = (span: Span) => {
    const lasted = span.to - span.from;
    const length = lasted > 0 && !isMoment(span) ? `, ${duration(lasted)}` : '';
    return `${stamp(span.from)}  ${happeningWords(span)}${length}${reason(span.reason)}`;
  };
  const [oldest] = spans;
  const { day, week, month } = uptimes(spans, until);
  const share = (of: number | undefined) => (of === undefined ? m.no_data() : percent(of));
  const why = problemOf(session);
  const facts: readonly (readonly [string, string])[] = [
    [m.system(), system.name],
    [m.signs_in_with(), method.label()],
    [m.report_server(), new URL(saved.address).host],
    [m.kept_alive(), keptAlive(saved)],
    [m.report_state(), stateWords(session.state) + reason(why)],
    [m.live(), m.report_uptime({ day: share(day), week: share(week), month: share(month) })],
    ['', m.report_uptime_counts()],
    [m.scripts(), m.report_uses({ today: count(uses.today), month: count(uses.all) })],
  ];
  const width = Math.max(...facts.map(([label]) => label.length)) + 3;
  return [
    m.report_of({ time: stamp(until) }),
    ...(isCut && oldest ? [m.report_was_cut({ time: stamp(oldest.from) })] : []),
    `Keyvigil ${version}, ${runtime}, ${platform}`,
    '',
    ...facts.map(([label, value]) => (label && `${label}:`).padEnd(width) + value),
    '',
    m.report_happenings(),
    ...(spans.length === 0 ? [m.report_nothing()] : newestFirst(spans).map(line)),
    '',
  ].join('\n');
}

/** Removes what may name a person, because a server may quote what the user typed. */
function cleaner({ fields }: Method, { values }: SavedAccount): (text: string) => string {
  // The values of a field with options are Keyvigil's words, not the user's.
  const typed = fields
    .filter(({ options }) => !options)
    .map(({ id }) => values[id] ?? '')
    .filter(({ length }) => length >= MIN_VALUE_LENGTH);
  return (text) => {
    const withoutValues = typed.reduce((rest, value) => rest.replaceAll(value, MARK), text);
    return redact(withoutValues.replace(EMAIL, MARK).replace(QUERY, `?${MARK}`));
  };
}

/** "2026-11-21 14:02:10 +01:00". */
function stamp(time: number): string {
  const offset = -new Date(time).getTimezoneOffset() * MINUTE_MS;
  const local = new Date(time + offset).toISOString().slice(0, 19).replace('T', ' ');
  return `${local} ${offset < 0 ? '-' : '+'}${new Date(Math.abs(offset)).toISOString().slice(11, 16)}`;
}
