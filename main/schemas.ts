import * as v from 'valibot';
import type { Limits } from './limits.ts';

export const wholeNumber = ({ min, max }: Limits) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));
