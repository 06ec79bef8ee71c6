import { expect, test } from 'vitest';
import type { Result } from '../../main/bridge/contract.ts';
import { Attempt } from './attempt.svelte.ts';
import { pending } from './fakes.ts';

const ask = async () => undefined;
const refusal: Result<string> = { ok: false, error: { message: 'Refused.' } };

test('an attempt is busy until it is answered, and keeps the problem', async () => {
  const attempt = new Attempt(ask);
  const answer = pending<Result<string>>();
  const run = attempt.run('a1', () => answer.promise, expect.unreachable);
  expect(attempt.isBusy).toBe(true);
  answer.keep(refusal);
  await run;
  expect(attempt.isBusy).toBe(false);
  expect(attempt.problem).toEqual({ message: 'Refused.' });
});

test('a second attempt is not begun while the first runs', async () => {
  const attempt = new Attempt(ask);
  void attempt.run('a1', () => new Promise<never>(() => {}), expect.unreachable);
  await attempt.run('a1', expect.unreachable, expect.unreachable);
});

test('the problem of an attempt that was given up is not shown', async () => {
  const attempt = new Attempt(ask);
  const answer = pending<Result<string>>();
  const run = attempt.run('a1', () => answer.promise, expect.unreachable);
  attempt.cancel();
  expect(attempt.isBusy).toBe(false);
  answer.keep(refusal);
  await run;
  expect(attempt.problem).toBeUndefined();
});

test('an attempt that was given up too late is done all the same', async () => {
  const attempt = new Attempt(ask);
  const answer = pending<Result<string>>();
  let done = '';
  const run = attempt.run(
    'a1',
    () => answer.promise,
    (value) => (done = value),
  );
  attempt.cancel();
  answer.keep({ ok: true, value: 'in' });
  await run;
  expect(done).toBe('in');
});

test('the answer to a given-up attempt does not end the one after it', async () => {
  const attempt = new Attempt(ask);
  const first = pending<Result<string>>();
  const run = attempt.run('a1', () => first.promise, expect.unreachable);
  attempt.cancel();
  void attempt.run('a1', () => new Promise<never>(() => {}), expect.unreachable);
  first.keep(refusal);
  await run;
  expect(attempt.isBusy).toBe(true);
});
