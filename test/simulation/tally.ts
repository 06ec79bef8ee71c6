/** The number of periods, their total length, and the length of the longest period. */
export interface Tally {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
}

export const NO_TIME: Tally = { count: 0, totalMs: 0, longestMs: 0 };

export function addTime({ count, totalMs, longestMs }: Tally, ms: number): Tally {
  return { count: count + 1, totalMs: totalMs + ms, longestMs: Math.max(longestMs, ms) };
}

export function mergeTallies(tallies: readonly Tally[]): Tally {
  return {
    count: tallies.reduce((sum, { count }) => sum + count, 0),
    totalMs: tallies.reduce((sum, { totalMs }) => sum + totalMs, 0),
    longestMs: Math.max(0, ...tallies.map(({ longestMs }) => longestMs)),
  };
}
