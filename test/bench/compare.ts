import type { Figure } from './figure.ts';

const MAX_WORSE = 0.1;

/**
 * @returns a line for each figure that is over 10 % worse (greater) than before. Times depend on the machine, so only ratios and
 * sizes are compared. If a quarter of the new values are as good as before, the difference may be noise.
 */
export function worseThan(before: readonly Figure[], now: readonly Figure[]): readonly string[] {
  return now.flatMap(({ name, value, unit, spread }) => {
    const earlier = before.find((figure) => figure.name === name);
    if (!earlier || !['times', 'MB'].includes(unit)) return [];
    const worse = value / earlier.value - 1;
    const isNoise = spread !== undefined && spread.from <= earlier.value;
    if (worse <= MAX_WORSE || isNoise) return [];
    return [
      `${name} is ${Math.round(worse * 100)} % worse: ${value.toFixed(2)} instead of ${earlier.value.toFixed(2)} ${unit}.`,
    ];
  });
}
