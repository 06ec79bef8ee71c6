import { expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { AccountBrief, SessionState } from '../bridge/contract.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../clock.ts';
import { SignInNotifier } from './sign-in-notifier.ts';

function setUp() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const opened: (string | undefined)[] = [];
  const clicks: (() => void)[] = [];
  let mayNotify = true;
  const notifier = new SignInNotifier({
    clock,
    notify: (_title, body, onClick) => {
      told.push(body);
      clicks.push(onClick);
    },
    mayNotify: () => mayNotify,
    open: (id) => opened.push(id),
  });
  const show = (states: Record<string, SessionState>) =>
    notifier.update(
      Object.entries(states).map(([name, state]): AccountBrief => ({
        id: name,
        name,
        state,
        hasKey: false,
      })),
    );
  const forbid = () => void (mayNotify = false);
  return { clock, told, opened, clicks, show, forbid };
}

test('accounts that need their user at about the same time share one notification', async () => {
  const { clock, told, show } = setUp();
  show({ a: 'live', b: 'offline', c: 'live' });
  show({ a: 'sign-in-needed', b: 'offline', c: 'live' });
  await clock.advance(2 * SECOND_MS);
  show({ a: 'sign-in-needed', b: 'sign-in-needed', c: 'live' });
  await clock.advance(10 * SECOND_MS);
  expect(told).toEqual(['a, b']);
});

test('a click leads to the account, or to the list if there are several', async () => {
  const { clock, clicks, opened, show } = setUp();
  show({ a: 'live', b: 'live' });
  show({ a: 'sign-in-needed', b: 'live' });
  await clock.advance(5 * SECOND_MS);
  show({ a: 'live', b: 'live' });
  show({ a: 'sign-in-needed', b: 'sign-in-needed' });
  await clock.advance(5 * SECOND_MS);
  clicks.forEach((click) => click());
  expect(opened).toEqual(['a', undefined]);
});

test('no notification comes if the user signs in within seconds, or for an account that was never kept alive', async () => {
  const { clock, told, show } = setUp();
  show({ a: 'live', b: 'sign-in-needed' });
  show({ a: 'sign-in-needed', b: 'sign-in-needed' });
  show({ a: 'live', b: 'sign-in-needed' });
  await clock.advance(5 * SECOND_MS);
  expect(told).toEqual([]);
});

test('a sign-in that is still needed causes another notification each day', async () => {
  const { clock, told, show } = setUp();
  show({ a: 'live' });
  show({ a: 'sign-in-needed' });
  await clock.advance(2 * DAY_MS + MINUTE_MS);
  expect(told).toEqual(['a', 'a', 'a']);
  show({ a: 'live' });
  await clock.advance(2 * DAY_MS);
  expect(told).toHaveLength(3);
});

test('a day passes also on a computer that sleeps at night', async () => {
  const { clock, told, show } = setUp();
  show({ a: 'live' });
  show({ a: 'sign-in-needed' });
  await clock.advance(8 * HOUR_MS);
  clock.sleep(16 * HOUR_MS);
  await clock.advance(MINUTE_MS);
  expect(told).toEqual(['a', 'a']);
});

test('an account that needs its user twice in a day causes one repetition a day, counted from the later notification', async () => {
  const { clock, told, show } = setUp();
  show({ a: 'live' });
  show({ a: 'sign-in-needed' });
  await clock.advance(DAY_MS / 2);
  show({ a: 'live' });
  show({ a: 'sign-in-needed' });
  await clock.advance(MINUTE_MS);
  expect(told).toHaveLength(2);
  await clock.advance(2 * DAY_MS);
  expect(told).toHaveLength(4);
});

test('no notification comes while the popup is open, or if the user has turned notifications off', async () => {
  const { clock, told, show, forbid } = setUp();
  forbid();
  show({ a: 'live' });
  show({ a: 'sign-in-needed' });
  await clock.advance(5 * SECOND_MS);
  expect(told).toEqual([]);
});
