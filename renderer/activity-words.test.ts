import { describe, expect, test } from 'vitest';
import type { ActivityView } from '../main/bridge/contract.ts';
import { duration, happeningWords, percent } from '../main/bridge/state-words.ts';
import { happeningDays, lastDayWords, pictureWords, shares, usesWords } from './activity-words.ts';
import { activity } from '../test/support/fake-main-process.ts';

type Happening = ActivityView['happenings'][number];

const at = (day: number, hours = 0, minutes = 0) =>
  new Date(2026, 0, day, hours, minutes).getTime();
const UNTIL = at(20, 18);
const DAY = 24 * 60 * 60_000;
const happened = (given: Partial<Happening>): Happening => ({
  kind: 'offline',
  from: at(20, 14, 2),
  to: at(20, 14, 9),
  times: 0,
  ...given,
});
const time = (day: number, hours: number, minutes: number) =>
  new Date(at(day, hours, minutes)).toLocaleTimeString(undefined, { timeStyle: 'short' });
const timeOf = (given: Partial<Happening>) =>
  happeningDays(activity({ until: UNTIL, happenings: [happened(given)] }))[0]!.lines[0]!.time;

describe('the list', () => {
  test('is grouped by day, newest first', () => {
    const days = happeningDays(
      activity({
        until: UNTIL,
        happenings: [
          happened({ kind: 'kept-alive', times: 3, from: at(20, 14, 9), to: UNTIL }),
          happened({ reason: 'No answer.' }),
          happened({ kind: 'asleep', from: at(19, 22), to: at(20, 7) }),
          happened({ kind: 'signed-in', from: at(17, 9) }),
        ],
      }),
    );
    expect(days.map(({ day, lines }) => [day, lines.map(({ words }) => words)])).toEqual([
      ['Today', ['Kept alive 3 times', 'Offline']],
      ['Yesterday', ['Computer asleep']],
      [expect.stringContaining('17'), ['Signed in']],
    ]);
    expect(days[0]!.lines[1]!.reason).toBe('No answer.');
  });

  test('shows one time for a moment, and two for what lasted', () => {
    expect(timeOf({})).toBe(`${time(20, 14, 2)} to ${time(20, 14, 9)}`);
    expect(timeOf({ kind: 'renewed' })).toBe(time(20, 14, 2));
    expect(timeOf({ to: at(20, 14, 2) + 20_000 })).toBe(time(20, 14, 2));
    expect(timeOf({ to: UNTIL })).toBe(`since ${time(20, 14, 2)}`);
    expect(timeOf({ from: at(19, 22, 0), to: at(20, 7, 30) })).toMatch(
      new RegExp(`^${time(19, 22, 0)} to .*20.*, ${time(20, 7, 30)}$`),
    );
  });

  test.each([
    ['kept-alive', 0, 'Still live'],
    ['kept-alive', 1, 'Kept alive'],
    ['kept-alive', 2, 'Kept alive 2 times'],
    ['renewed', 0, 'Signed in again by Keyvigil'],
    ['expired', 0, 'Session expired'],
    ['user-needed', 0, 'Sign-in needed'],
    ['closed', 0, 'Keyvigil was not running'],
  ] as const)('says of %s, %i times: %s', (kind, times, words) => {
    expect(happeningWords(happened({ kind, times }))).toBe(words);
  });

  test('says that Keyvigil was restarted if it was closed for a moment', () => {
    const { from } = happened({});
    expect(happeningWords(happened({ kind: 'closed', to: from + 2000 }))).toBe(
      'Keyvigil was restarted',
    );
  });
});

describe('the uptime in percent', () => {
  test.each([
    [1, '100 %'],
    [0.9999, '99.9 %'],
    [0.5, '50 %'],
    [0, '0 %'],
  ])('%f is %s: only the whole time is 100 %', (share, words) => {
    expect(percent(share)).toBe(words);
  });

  test('is shown only for periods that the account has lived through', () => {
    const of = (days: number) =>
      shares(
        activity({
          until: UNTIL,
          uptime: { day: 1, week: 0.998, month: 0.996 },
          stretches: [{ condition: 'live', from: UNTIL - days * DAY, to: UNTIL }],
        }),
      ).map(({ label, share }) => `${label}: ${share}`);
    expect(of(0.5)).toEqual(['24 hours: 100 %']);
    expect(of(3)).toEqual(['24 hours: 100 %', '7 days: 99.8 %']);
    expect(of(20)).toEqual(['24 hours: 100 %', '7 days: 99.8 %', '30 days: 99.6 %']);
  });

  test('is a dash for a day on which no session had to be live', () => {
    const stretches = [{ condition: 'live' as const, from: at(15), to: at(16) }];
    expect(shares(activity({ until: UNTIL, uptime: { week: 1 }, stretches }))).toEqual([
      { label: '24 hours', share: '–' },
      { label: '7 days', share: '100 %' },
    ]);
  });
});

describe('the last day in words', () => {
  const trouble = (condition: 'offline' | 'user-needed', from: number, to?: number) => ({
    condition,
    from,
    to,
  });

  test('names each trouble with its moments, newest first', () => {
    expect(
      lastDayWords([
        trouble('offline', at(2, 8), at(2, 8, 20)),
        { condition: 'live', from: at(2, 8, 20), to: at(2, 9) },
        trouble('user-needed', at(2, 9)),
      ]),
    ).toBe(
      `Last 24 hours: Sign-in needed since ${time(2, 9, 0)}, Offline ${time(2, 8, 0)} to ${time(2, 8, 20)}`,
    );
  });

  test('is short, however much happened', () => {
    const lastDay = [1, 2, 3, 4].map((hour) => trouble('offline', at(2, hour), at(2, hour)));
    expect(lastDayWords(lastDay)).toBe(
      `Last 24 hours: Offline ${time(2, 4, 0)}, Offline ${time(2, 3, 0)}, Offline ${time(2, 2, 0)}, …`,
    );
  });

  test('says that there was none, or nothing if no session had to be live', () => {
    expect(lastDayWords([{ condition: 'live', from: at(2, 1) }])).toBe(
      'Last 24 hours: no interruption',
    );
    expect(lastDayWords([])).toBeUndefined();
  });
});

describe('the picture in words', () => {
  test('says how long the session was live, and why not longer', () => {
    const stretches: ActivityView['stretches'] = [
      { condition: 'live', from: at(11), to: at(12) },
      { condition: 'offline', from: at(12), to: at(12, 0, 7) },
      { condition: 'live', from: at(12, 0, 7), to: at(13) },
      { condition: 'user-needed', from: at(13), to: at(13, 2) },
      { condition: 'user-needed', from: at(13, 4), to: at(13, 5) },
      { condition: 'live', from: at(14), to: UNTIL },
    ];
    expect(pictureWords(activity({ until: UNTIL, uptime: { month: 0.978 }, stretches }))).toBe(
      'Live 97.8 % of the last 10 days. Offline once, 7 min. Sign-in needed once, 3 h.',
    );
  });

  test('says “today” for a new account', () => {
    const stretches = [{ condition: 'live' as const, from: at(20, 17), to: UNTIL }];
    expect(pictureWords(activity({ until: UNTIL, uptime: { month: 1 }, stretches }))).toBe(
      'Live 100 % of today.',
    );
  });
});

test.each([
  [40_000, '40 s'],
  [7 * 60_000, '7 min'],
  [3 * 60 * 60_000, '3 h'],
  [200 * 60_000, '3 h 20 min'],
  [DAY, '1 day'],
  [2 * DAY + 5 * 60 * 60_000, '2 days 5 h'],
])('%i ms is “%s”', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

test.each([
  [1, 'Used by scripts once today'],
  [1204, 'Used by scripts 1,204 times today'],
])('%i uses by scripts are “%s”', (usesToday, words) => {
  expect(usesWords(activity({ usesToday }))).toBe(words);
});
