import type { Figure } from './figure.ts';

const MAX_WORSE = 0.1;

/**
 * What is over 10 % worse than before, a line for each. Only ratios and sizes are compared: times depend on the machine. Of both,
 * less is better. It may be noise if more than a quarter of what was measured now is as good as before.
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
