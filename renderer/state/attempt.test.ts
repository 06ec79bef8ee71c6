import { expect, test } from 'vitest';
import type { Problem, Result } from '../../main/bridge/contract.ts';
import { Attempt } from './attempt.svelte.ts';
import { deferred, FakeBridge, never } from '../../test/support/fake-main-process.ts';

const refusal: Result<void, Problem> = { ok: false, error: { message: 'Refused.' } };

function createAttempt() {
  const bridge = new FakeBridge({ cancelSignIn: () => undefined });
  const attempt = new Attempt((name, question) => bridge.request(name, question));
  return { attempt, bridge };
}

test('an attempt is busy until its answer comes, and keeps the problem', async () => {
  const { attempt } = createAttempt();
  const answer = deferred<Result<void, Problem>>();
  const run = attempt.run('a1', () => answer.promise, expect.unreachable);
  expect(attempt.accountId).toBe('a1');
  expect(attempt.isBusy).toBe(true);
  answer.resolve(refusal);
  await run;
  expect(attempt.isBusy).toBe(false);
  expect(attempt.problem).toEqual({ message: 'Refused.' });
});

test('a second attempt does not start while the first runs', async () => {
  const { attempt } = createAttempt();
  void attempt.run('a1', never, expect.unreachable);
  await attempt.run('a1', expect.unreachable, expect.unreachable);
});

test('cancelling cancels the sign-in of its account, once', () => {
  const { attempt, bridge } = createAttempt();
  attempt.cancel();
  void attempt.run('a1', never, expect.unreachable);
  attempt.cancel();
  attempt.cancel();
  expect(bridge.questions('cancelSignIn')).toEqual([{ id: 'a1' }]);
});

test('the problem of a cancelled attempt is not shown', async () => {
  const { attempt } = createAttempt();
  const answer = deferred<Result<void, Problem>>();
  const run = attempt.run('a1', () => answer.promise, expect.unreachable);
  attempt.cancel();
  expect(attempt.isBusy).toBe(false);
  answer.resolve(refusal);
  await run;
  expect(attempt.problem).toBeUndefined();
});

test('an attempt that was cancelled too late still counts as a success', async () => {
  const { attempt } = createAttempt();
  const answer = deferred<Result<void, Problem>>();
  let isDone = false;
  const run = attempt.run(
    'a1',
    () => answer.promise,
    () => (isDone = true),
  );
  attempt.cancel();
  answer.resolve({ ok: true, value: undefined });
  await run;
  expect(isDone).toBe(true);
});

test('the answer to a cancelled attempt does not end the next one', async () => {
  const { attempt } = createAttempt();
  const first = deferred<Result<void, Problem>>();
  const run = attempt.run('a1', () => first.promise, expect.unreachable);
  attempt.cancel();
  void attempt.run('a1', never, expect.unreachable);
  first.resolve(refusal);
  await run;
  expect(attempt.isBusy).toBe(true);
});
