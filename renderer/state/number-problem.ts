import type { Limits } from '../../main/limits.ts';
import { m } from '../../main/messages/index.ts';

/** What is wrong with the value of a number input. The value of an empty input is null. */
export function numberProblem(
  value: number | null | undefined,
  { min, max }: Limits,
): string | undefined {
  const fits = Number.isInteger(value) && value! >= min && value! <= max;
  return fits ? undefined : m.enter_whole_number({ min, max });
}
