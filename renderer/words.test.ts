import { describe, expect, test } from 'vitest';
import type { AccountView } from '../main/bridge/contract.ts';
import { account, prompt } from '../test/support/fake-main-process.ts';
import {
  accountFacts,
  accountLine,
  accountReason,
  ago,
  copied,
  countLive,
  inSentence,
  msToListChange,
  msToPromptChange,
  promptTimeLeft,
  retryWords,
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
])('a time %s ms ago is “%s”', (passed, words) => {
  expect(ago(NOW - passed, NOW)).toBe(words);
});

test.each([
  [-1, 'trying again now'],
  [1, 'trying again in 1 s'],
  [40 * SECOND, 'trying again in 40 s'],
  [91 * SECOND, 'trying again in 2 min'],
  [5 * MINUTE, 'trying again in 5 min'],
])('a retry in %s ms is “%s”', (left, words) => {
  expect(retryWords(NOW + left, NOW)).toBe(words);
});

describe('the line of an account', () => {
  test('says when a live account was verified, before its system', () => {
    expect(accountLine(account({ verifiedAt: NOW - 2 * MINUTE }), NOW)).toEqual([
      'verified 2 min ago',
      'First system',
    ]);
  });

  test('says when an offline account is tried again', () => {
    const offline = account({ state: 'offline', retryAt: NOW + 40 * SECOND });
    expect(accountLine(offline, NOW)[0]).toBe('trying again in 40 s');
  });
});

test('an offline account with a key says that the key may no longer work', () => {
  expect(accountReason(account({ state: 'offline', problem: 'No such host.' }))).toBe(
    'No such host. The key may no longer work.',
  );
  expect(accountReason(account({ state: 'offline', hasKey: false }))).toBeUndefined();
});

test('a resting account with a key says so instead of what it waits for', () => {
  const resting = account({ isResting: true, verifiedAt: NOW });
  expect(accountLine(resting, NOW)).toEqual(['resting', 'First system']);
  expect(accountLine({ ...resting, state: 'signed-out', hasKey: false }, NOW)).toEqual([
    'First system',
    'User name and password',
  ]);
});

test('the facts say when the session is kept alive', () => {
  const keptAlive = (rest: AccountView['rest']) =>
    accountFacts(account({ rest })).find(({ label }) => label === 'Kept alive')?.value;
  expect(keptAlive(undefined)).toBe('every 20 min');
  expect(keptAlive({ when: 'away', afterMinutes: 15, signOut: true })).toBe(
    'every 20 min, while you use this computer',
  );
  expect(keptAlive({ when: 'off-hours', from: '08:00', to: '17:30', signOut: true })).toBe(
    'every 20 min, Monday to Friday from 08:00 to 17:30',
  );
});

test('live accounts are counted', () => {
  expect(countLive([account(), account({ state: 'offline' })])).toBe('1 of 2 live');
});

test('a copy is reported with its format and the time until it clears', () => {
  expect(copied('Plant', 45)).toBe('Copied “Plant”. Clears in 45 s.');
  expect(copied('Plant', 45, 'HTTP header')).toBe('Copied “Plant” as HTTP header. Clears in 45 s.');
});

describe('the times in the list change', () => {
  test('with the second while one counts down', () => {
    const offline = account({ state: 'offline', retryAt: NOW + 40_300, verifiedAt: NOW });
    expect(msToListChange([account({ verifiedAt: NOW - 5 }), offline], NOW)).toBe(300);
  });

  test('with the minute of the last verification', () => {
    expect(msToListChange([account({ verifiedAt: NOW - 2 * MINUTE - 20 * SECOND })], NOW)).toBe(
      40 * SECOND,
    );
  });

  test('after a minute at the latest', () => {
    expect(msToListChange([account({ verifiedAt: NOW + HOUR })], NOW)).toBe(MINUTE);
    expect(msToListChange([], NOW)).toBe(MINUTE);
  });
});

describe('the time left of a prompt', () => {
  const browser = (left: number) =>
    ({ kind: 'browser', id: 'a1', accountName: 'Plant', expiresAt: NOW + left }) as const;
  const code = (left: number) => prompt({ expiresAt: NOW + left });

  test.each([
    [browser(9 * MINUTE), 'Ends in 9 min', MINUTE],
    [browser(8 * MINUTE + 1), 'Ends in 9 min', 1],
    [browser(100 * SECOND), 'Ends in 2 min', 10 * SECOND],
    [browser(89_300), 'Ends in 90 s', 300],
    [code(872 * SECOND), 'Expires in 14:32', SECOND],
    [code(871_300), 'Expires in 14:32', 300],
    [code(9 * SECOND), 'Expires in 0:09', SECOND],
    [code(0), 'Ending…', MINUTE],
    [browser(-1), 'Ending…', MINUTE],
  ])('%o: “%s”', (waiting, words, next) => {
    expect(promptTimeLeft(waiting, NOW)).toBe(words);
    expect(msToPromptChange(waiting, NOW)).toBe(next);
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
