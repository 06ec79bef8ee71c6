import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Now } from './now.svelte.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1000 }));
afterEach(() => void vi.useRealTimers());

test('the time moves when the words change, and not before', () => {
  const now = new Now();
  const stop = now.start(() => 500);
  vi.advanceTimersByTime(499);
  expect(now.time).toBe(1000);
  vi.advanceTimersByTime(1);
  expect(now.time).toBe(1500);
  stop();
  vi.advanceTimersByTime(5000);
  expect(now.time).toBe(1500);
  expect(vi.getTimerCount()).toBe(0);
});
