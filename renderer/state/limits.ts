/**
 * The bounds that the contract's schemas set, as plain numbers: the schemas themselves would bring valibot into the bundle.
 * `limits.test.ts` holds the two together.
 */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

export const keepAliveMinutes: Limits = { min: 1, max: 55 };
export const clearClipboardSeconds: Limits = { min: 5, max: 600 };
export const requestSeconds: Limits = { min: 2, max: 120 };

/** What is wrong with a number as an input holds it (an empty one holds null), in a sentence that says what to do. */
export function numberProblem(
  value: number | null | undefined,
  { min, max }: Limits,
): string | undefined {
  const fits = Number.isInteger(value) && value! >= min && value! <= max;
  return fits ? undefined : `Enter a whole number from ${min} to ${max}.`;
}
