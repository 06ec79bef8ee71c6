/** The history of an account without gaps: its entries, interrupted by the pauses. */
import * as v from 'valibot';
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import { ENTRY_KINDS, isLive, MAX_DAYS, PAUSE_KINDS, type Entry, type Pause } from './record.ts';

export const Span = v.object({
  kind: v.picklist([...ENTRY_KINDS, ...PAUSE_KINDS]),
  from: v.number(),
  to: v.number(),
  /** How many requests verified the session. */
  times: v.number(),
  reason: v.optional(v.string()),
});
export type Span = Readonly<v.InferOutput<typeof Span>>;

/** Times are milliseconds since 1970. */
export interface Timeline {
  readonly until: number;
  /** Oldest first. */
  readonly spans: readonly Span[];
  /** Whether older spans were dropped because there were too many. */
  readonly isCut: boolean;
}

export function toSpans(
  entries: readonly Entry[],
  pauses: readonly Pause[],
  now: number,
): readonly Span[] {
  // An entry that was made during a pause begins when the pause ends.
  const starts = entries.map(({ from }) => {
    const pause = pauses.find((pause) => pause.from < from && from < pause.to);
    return Math.min(pause?.to ?? from, now);
  });
  const spans: Span[] = [];
  for (const [index, entry] of entries.entries()) {
    const whole = { ...entry, from: starts[index]!, to: starts[index + 1] ?? now };
    for (const span of interrupt(whole, pauses)) {
      const last = spans.at(-1);
      if (span.kind === 'kept-alive' && last?.kind === 'kept-alive') {
        spans[spans.length - 1] = { ...span, from: last.from, times: last.times + span.times };
      } else {
        spans.push(span);
      }
    }
  }
  return spans;
}

/** A span and the pauses within it. After a pause the session is as it was before. */
function interrupt(span: Entry & Pick<Span, 'to'>, pauses: readonly Pause[]): readonly Span[] {
  // A pause changes nothing for an account that is signed out.
  if (span.kind === 'signed-out') return [span];
  const kind = isLive(span.kind) ? 'kept-alive' : span.kind;
  const parts: Span[] = [span];
  for (const pause of pauses) {
    if (pause.to <= span.from || pause.to > span.to) continue;
    parts.push({ ...parts.pop()!, to: pause.from }, { ...pause, times: 0 });
    parts.push({ ...span, kind, times: 0, from: pause.to });
  }
  return parts.filter(({ from, to }, index) => index === 0 || from < to);
}

/**
 * The share of the time between `from` and `to` in which the session was live. Counts only the time in which Keyvigil was running,
 * the computer awake, and the user not signed out; undefined if there was none.
 */
export function uptime(spans: readonly Span[], from: number, to: number): number | undefined {
  let live = 0;
  let all = 0;
  for (const span of spans) {
    if (span.kind === 'asleep' || span.kind === 'closed' || span.kind === 'signed-out') continue;
    const lasted = Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
    all += lasted;
    if (isLive(span.kind)) live += lasted;
  }
  return all > 0 ? live / all : undefined;
}

export function uptimes(spans: readonly Span[], until: number) {
  const ofDays = (days: number) => uptime(spans, until - days * DAY_MS, until);
  return { day: ofDays(1), week: ofDays(7), month: ofDays(MAX_DAYS) };
}

/**
 * The spans that a user reads, newest first. Leaves out the seconds after a start in which a stored session counts as live
 * without a verification.
 */
export function newestFirst(spans: readonly Span[]): Span[] {
  return spans
    .filter(
      ({ kind, times, from, to }) => kind !== 'kept-alive' || times > 0 || to - from >= MINUTE_MS,
    )
    .toReversed();
}
