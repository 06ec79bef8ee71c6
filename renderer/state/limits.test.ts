import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { AccountForm, Settings } from '../../main/bridge/contract.ts';
import {
  clearClipboardSeconds,
  keepAliveMinutes,
  numberProblem,
  requestSeconds,
} from './limits.ts';

describe('limits are those of the contract:', () => {
  test.each([
    ['keepAliveMinutes', AccountForm.entries.keepAliveMinutes, keepAliveMinutes],
    ['clearClipboardSeconds', Settings.entries.clearClipboardSeconds, clearClipboardSeconds],
    ['requestSeconds', Settings.entries.requestSeconds, requestSeconds],
  ])('%s', (_name, schema, { min, max }) => {
    expect(v.is(schema, min)).toBe(true);
    expect(v.is(schema, max)).toBe(true);
    expect(v.is(schema, min - 1)).toBe(false);
    expect(v.is(schema, max + 1)).toBe(false);
  });
});

test.each([null, undefined, 0, 61, 2.5, NaN])('%s is not a whole number from 1 to 60', (value) => {
  expect(numberProblem(value, { min: 1, max: 60 })).toBe('Enter a whole number from 1 to 60.');
});

test('a whole number within the limits has no problem', () => {
  expect(numberProblem(20, { min: 1, max: 60 })).toBeUndefined();
});
