import type { ScriptUses } from '../activity/activity-log.ts';
import { newestFirst, uptimes, type Span, type Timeline } from '../activity/timeline.ts';
import { MINUTE_MS } from '../clock.ts';
import type { SavedAccount } from '../sessions/saved-account.ts';
import type { Account } from '../sessions/account.ts';
import { redact } from '../systems/redact.ts';
import type { Method } from '../systems/system.ts';
import {
  count,
  duration,
  happeningWords,
  isMoment,
  keptAlive,
  percent,
  STATE_WORDS,
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
/** Shorter values also occur in words that have nothing to do with them. */
const MIN_VALUE_LENGTH = 3;

/**
 * What happened to an account, as text for a support mail. It names the server and the method, but no key, no credentials, and
 * not the account's name, which often is a person's or a client's.
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
  const share = (of: number | undefined) => (of === undefined ? 'no data' : percent(of));
  return [
    `Keyvigil report of ${stamp(until)}`,
    ...(isCut && oldest
      ? [`Entries before ${stamp(oldest.from)} were dropped, because there were too many.`]
      : []),
    `Keyvigil ${version}, ${runtime}, ${platform}`,
    '',
    `System:      ${system.name}`,
    `Signs in by: ${method.label}`,
    `Server:      ${new URL(saved.address).host}`,
    `Kept alive:  ${keptAlive(saved)}`,
    `State:       ${STATE_WORDS[session.state]}${reason('problem' in session ? session.problem : undefined)}`,
    `Live:        24 hours ${share(day)}, 7 days ${share(week)}, 30 days ${share(month)}`,
    '             (while Keyvigil was running, the computer awake, and the account not signed out)',
    `Scripts:     used it ${count(uses.today)} today, ${count(uses.all)} in 30 days`,
    '',
    'What happened, newest first, in local time with its offset from UTC:',
    ...(spans.length === 0 ? ['Nothing yet.'] : newestFirst(spans).map(line)),
    '',
  ].join('\n');
}

/** Removes what may name a person: a server may quote what the user typed. */
function cleaner({ fields }: Method, { values }: SavedAccount): (text: string) => string {
  // The values of a field with options are our words, not the user's.
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
