/** A measured value, with its limit if it has one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly limit?: { readonly max: number } | { readonly min: number };
  /** Half of all measured values are between `from` and `to`. */
  readonly spread?: { readonly from: number; readonly to: number; readonly of: number };
}

export interface BenchOptions {
  /** The number of times that everything is measured. */
  readonly rounds: number;
}

export function isMet({ value, limit }: Figure): boolean {
  if (!limit) return true;
  return 'max' in limit ? value <= limit.max : value >= limit.min;
}

export function toLine(figure: Figure): string {
  const { name, value, unit, limit, spread } = figure;
  const words = `${name.padEnd(60)} ${format(value).padStart(9)} ${unit.padEnd(6)}`;
  const range = spread ? `${format(spread.from)} to ${format(spread.to)}, of ${spread.of}` : '';
  if (!limit) return `${words} ${range}`.trimEnd();
  const goal = 'max' in limit ? `at most ${limit.max}` : `at least ${limit.min}`;
  return `${words} ${goal.padEnd(14)} ${isMet(figure) ? '✓' : '✗ missed'} ${range}`.trimEnd();
}

const format = (value: number) => (Number.isInteger(value) ? String(value) : value.toFixed(2));

/** @param share from 0 to 1; 0.5 is the median */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export function spreadOf(all: readonly number[], over = 1): NonNullable<Figure['spread']> {
  return { from: percentile(all, 0.25) / over, to: percentile(all, 0.75) / over, of: all.length };
}
