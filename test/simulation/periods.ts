import type { SeededRandom } from './random.ts';

export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Draws moments that are independent of each other, by a Poisson process. */
export function* drawMoments(
  { from, to }: Period,
  meanGapMs: number,
  random: SeededRandom,
): Generator<number> {
  const next = (after: number) => after - Math.log(1 - random.next()) * meanGapMs;
  for (let at = next(from); at < to; at = next(at)) yield at;
}

/** Draws periods, and merges periods that touch each other. */
export function drawPeriods(
  within: Period,
  meanGapMs: number,
  minMs: number,
  maxMs: number,
  random: SeededRandom,
): readonly Period[] {
  const drawn: Period[] = [];
  for (const from of drawMoments(within, meanGapMs, random)) {
    drawn.push({ from, to: from + random.logBetween(minMs, maxMs) });
  }
  return mergePeriods(drawn);
}

export function mergePeriods(periods: readonly Period[]): readonly Period[] {
  const merged: Period[] = [];
  for (const period of [...periods].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && period.from <= last.to) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, period.to) };
    } else merged.push(period);
  }
  return merged;
}
