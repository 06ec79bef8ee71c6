import { describe, expect, test } from 'vitest';
import { account, prompt } from './state/fakes.ts';
import {
  accountLine,
  accountReason,
  ago,
  copied,
  countLive,
  inSentence,
  promptEnd,
  tryingAgain,
  untilNextChange,
  untilPromptChange,
} from './words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = 1_800_000_000_000;

test.each([
  [-5 * SECOND, 'just now'],
  [59 * SECOND, 'just now'],
  [MINUTE, '1 min ago'],
  [59 * MINUTE, '59 min ago'],
  [HOUR, '1 h ago'],
  [DAY - 1, '23 h ago'],
  [DAY, '1 day ago'],
  [3 * DAY, '3 days ago'],
])('%s ms back is “%s”', (passed, words) => {
  expect(ago(NOW - passed, NOW)).toBe(words);
});

test.each([
  [-1, 'trying again now'],
  [1, 'trying again in 1 s'],
  [40 * SECOND, 'trying again in 40 s'],
  [91 * SECOND, 'trying again in 2 min'],
  [5 * MINUTE, 'trying again in 5 min'],
])('%s ms ahead is “%s”', (left, words) => {
  expect(tryingAgain(NOW + left, NOW)).toBe(words);
});

describe('the line of an account', () => {
  test('says of a live one when it was verified, before its system', () => {
    expect(accountLine(account({ verifiedAt: NOW - 2 * MINUTE }), NOW)).toEqual([
      'verified 2 min ago',
      'First system',
    ]);
  });

  test('says of an offline one when it is tried again', () => {
    const offline = account({ state: 'offline', retryAt: NOW + 40 * SECOND });
    expect(accountLine(offline, NOW)[0]).toBe('trying again in 40 s');
  });
});

test('an offline account with a key is said to hold one that may have died', () => {
  expect(accountReason(account({ state: 'offline', problem: 'No such host.' }))).toBe(
    'No such host. The key may no longer work.',
  );
  expect(accountReason(account({ state: 'offline', hasKey: false }))).toBeUndefined();
});

test('live accounts are counted', () => {
  expect(countLive([account(), account({ state: 'offline' })])).toBe('1 of 2 live');
});

test('what was copied is told with its form and its end', () => {
  expect(copied('Plant', 45)).toBe('Copied “Plant”. Clears in 45 s.');
  expect(copied('Plant', 45, 'HTTP header')).toBe('Copied “Plant” as HTTP header. Clears in 45 s.');
});

describe('the times change next', () => {
  test('with the second where one counts down', () => {
    const offline = account({ state: 'offline', retryAt: NOW + 40_300, verifiedAt: NOW });
    expect(untilNextChange([account({ verifiedAt: NOW - 5 }), offline], NOW)).toBe(300);
  });

  test('with the minute of the last verification', () => {
    expect(untilNextChange([account({ verifiedAt: NOW - 2 * MINUTE - 20 * SECOND })], NOW)).toBe(
      40 * SECOND,
    );
  });

  test('within a minute at the latest', () => {
    expect(untilNextChange([account({ verifiedAt: NOW + HOUR })], NOW)).toBe(MINUTE);
    expect(untilNextChange([], NOW)).toBe(MINUTE);
  });
});

describe('the end of a prompt', () => {
  const elsewhere = (left: number) =>
    ({ kind: 'browser', id: 'a1', accountName: 'Plant', expiresAt: NOW + left }) as const;
  const code = (left: number) => prompt({ expiresAt: NOW + left });

  test.each([
    [elsewhere(9 * MINUTE), 'Ends by itself in 9 min', MINUTE],
    [elsewhere(8 * MINUTE + 1), 'Ends by itself in 9 min', 1],
    [elsewhere(100 * SECOND), 'Ends by itself in 2 min', 10 * SECOND],
    [elsewhere(89_300), 'Ends by itself in 90 s', 300],
    [code(872 * SECOND), 'Expires in 14:32', SECOND],
    [code(871_300), 'Expires in 14:32', 300],
    [code(9 * SECOND), 'Expires in 0:09', SECOND],
    [code(0), 'Ending…', MINUTE],
    [elsewhere(-1), 'Ending…', MINUTE],
  ])('of %o is “%s”', (waiting, words, next) => {
    expect(promptEnd(waiting, NOW)).toBe(words);
    expect(untilPromptChange(waiting, NOW)).toBe(next);
  });
});

test.each([
  ['Projects', 'projects'],
  ['API keys', 'API keys'],
  ['Übersichten', 'übersichten'],
  ['', ''],
])('within a sentence, “%s” is “%s”', (label, words) => {
  expect(inSentence(label)).toBe(words);
});
