import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Messages } from './messages.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a status goes away when its time is over, and not before', () => {
  const messages = new Messages();
  messages.showStatus('Copied.', 45);
  vi.advanceTimersByTime(44_999);
  expect(messages.status?.text).toBe('Copied.');
  vi.advanceTimersByTime(1);
  expect(messages.status).toBeUndefined();
});

test('a new status gets its full time', () => {
  const messages = new Messages();
  messages.showStatus('First.', 45);
  vi.advanceTimersByTime(30_000);
  messages.showStatus('Second.', 45);
  vi.advanceTimersByTime(30_000);
  expect(messages.status?.text).toBe('Second.');
});
