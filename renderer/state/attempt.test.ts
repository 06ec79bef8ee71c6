import { expect, test } from 'vitest';
import type { Result } from '../../main/bridge/contract.ts';
import { Attempt } from './attempt.svelte.ts';
import { pending } from './fakes.ts';

const refusal: Result<string> = { ok: false, error: { message: 'Refused.' } };

test('an attempt is busy until it is answered, and keeps the problem', async () => {
  const attempt = new Attempt();
  const answer = pending<Result<string>>();
  const run = attempt.run(() => answer.promise, expect.unreachable);
  expect(attempt.busy).toBe(true);
  answer.keep(refusal);
  await run;
  expect(attempt.busy).toBe(false);
  expect(attempt.problem).toEqual({ message: 'Refused.' });
});

test('a second attempt is not begun while the first runs', async () => {
  const attempt = new Attempt();
  void attempt.run(() => new Promise<never>(() => {}), expect.unreachable);
  await attempt.run(expect.unreachable, expect.unreachable);
});

test('the problem of an attempt that was given up is not shown', async () => {
  const attempt = new Attempt();
  const answer = pending<Result<string>>();
  const run = attempt.run(() => answer.promise, expect.unreachable);
  attempt.giveUp();
  expect(attempt.busy).toBe(false);
  answer.keep(refusal);
  await run;
  expect(attempt.problem).toBeUndefined();
});

test('an attempt that was given up too late is done all the same', async () => {
  const attempt = new Attempt();
  const answer = pending<Result<string>>();
  let done = '';
  const run = attempt.run(
    () => answer.promise,
    (value) => (done = value),
  );
  attempt.giveUp();
  answer.keep({ ok: true, value: 'in' });
  await run;
  expect(done).toBe('in');
});

test('the answer to a given-up attempt does not end the one after it', async () => {
  const attempt = new Attempt();
  const first = pending<Result<string>>();
  const run = attempt.run(() => first.promise, expect.unreachable);
  attempt.giveUp();
  void attempt.run(() => new Promise<never>(() => {}), expect.unreachable);
  first.keep(refusal);
  await run;
  expect(attempt.busy).toBe(true);
});
