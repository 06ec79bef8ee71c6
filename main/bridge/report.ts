import type { Span } from '../sessions/activity.ts';
import type { Told } from '../sessions/activity-log.ts';
import type { KeptAccount } from '../sessions/kept-account.ts';
import { redact } from '../systems/redact.ts';
import { newestFirst, uptimes } from './activity-view.ts';
import { duration, happeningWords, isMoment, percent, STATE_WORDS } from './state-words.ts';

/** What runs, and on what. */
export interface Product {
  readonly version: string;
  readonly runtime: string;
  readonly platform: string;
}

const MARK = '•••';
const EMAIL = /[^\s@<>"“”'(),;:]+@[^\s@<>"“”'(),;:]+/g;
const QUERY = /\?[^\s"”]+=[^\s"”]*/g;
/** Shorter ones are found in words that have nothing to do with them. */
const SHORTEST_VALUE = 3;

/**
 * What happened to an account, as a text for a support mail. It names the server and the way in, but nobody: no key and no
 * credentials, nor the account's name, which often is a person's or a client's.
 */
export function report(
  product: Product,
  {
    account,
    system,
    method,
    session,
  }: Pick<KeptAccount, 'account' | 'system' | 'method' | 'session'>,
  { spans, until, isCut }: Told,
): string {
  // A field with options has words of ours, not of the user's.
  const typed = method.fields.filter(({ options }) => !options).map(({ id }) => account.values[id]);
  const clean = cleaner(typed.filter((value) => value !== undefined));
  const problem = 'problem' in session && session.problem ? `: ${clean(session.problem)}` : '';
  const first = spans[0];
  const cut =
    isCut && first
      ? `, cut: what was before ${stamp(first.from)} is no longer kept, as so much has happened since`
      : '';
  const { day, week, month } = uptimes(spans, until);
  const share = (of: number | undefined) => (of === undefined ? 'none counted' : percent(of));
  return [
    `Keyvigil report of ${stamp(until)}${cut}`,
    `Keyvigil ${product.version}, ${product.runtime}, ${product.platform}`,
    '',
    `System:      ${system.name}`,
    `Signs in by: ${method.label}`,
    `Server:      ${new URL(account.address).host}`,
    `Kept alive:  every ${account.keepAliveMinutes} min`,
    `State:       ${STATE_WORDS[session.state]}${problem}`,
    `Live:        24 hours ${share(day)}, 7 days ${share(week)}, 30 days ${share(month)}`,
    '             (of the time in which Keyvigil was running, the computer awake, and the account not signed out)',
    '',
    'What happened, newest first, in local time with its offset from UTC:',
    ...newestFirst(spans).map((span) => inOneLine(span, clean)),
    ...(spans.length === 0 ? ['Nothing yet.'] : []),
    '',
  ].join('\n');
}

function inOneLine(span: Span, clean: (text: string) => string): string {
  const { from, to, reason } = span;

  const lasted = to > from && !isMoment(span) ? `, ${duration(to - from)}` : '';
  return `${stamp(from)}  ${happeningWords(span)}${lasted}${reason ? `: ${clean(reason)}` : ''}`;
}

/** Takes out of a reason what may name a person: a server may have quoted what was typed. */
function cleaner(values: readonly string[]): (text: string) => string {
  const told = values.filter(({ length }) => length >= SHORTEST_VALUE);
  return (text) => {
    const known = told.reduce((rest, value) => rest.replaceAll(value, MARK), text);
    return redact(known.replace(EMAIL, MARK).replace(QUERY, `?${MARK}`));
  };
}

/** "2026-11-21 14:02:10 +01:00". */
function stamp(time: number): string {
  const at = new Date(time);
  const offset = -at.getTimezoneOffset();
  const local = new Date(time + offset * 60_000).toISOString().slice(0, 19).replace('T', ' ');
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
  return `${local} ${offset < 0 ? '-' : '+'}${two(hours)}:${two(minutes)}`;
}

const two = (number: number) => String(number).padStart(2, '0');
