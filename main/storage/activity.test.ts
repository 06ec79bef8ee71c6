import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// electron-store is built on `conf`, which writes the same file.
import Conf from 'conf';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Activity } from '../activity/activity-log.ts';
import { openActivity } from './activity.ts';

let path: string;
let told: string[];

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'keyvigil-activity-'));
  told = [];
});
afterEach(() => rmSync(path, { recursive: true }));

const open = () =>
  openActivity({
    folder: path,
    open: (name) => new Conf({ configName: name, cwd: path, clearInvalidConfig: false }),
    clock: new VirtualClock(),
    notify: (_id, message) => told.push(message()),
  });
const file = () => join(path, 'activity.json');
const read = () => readFileSync(file(), 'utf8');
const setAside = () => readdirSync(path).filter((name) => name.includes('broken'));

const from = Date.UTC(2026, 0, 5, 8);
const ACTIVITY: Activity = {
  until: from + 60_000,
  pauses: [{ kind: 'closed', from, to: from + 1000 }],
  accounts: new Map([
    ['account-1', [{ kind: 'kept-alive', times: 12, from }]],
    [
      'account-2',
      [
        { kind: 'offline', times: 0, from, reason: 'No answer – “3 times”\nin a row 7' },
        { kind: 'expired', times: 0, from: from + 500 },
      ],
    ],
  ]),
  uses: new Map(),
};

/** The activity above, as the first version of Keyvigil wrote it. */
const FILE = {
  version: 1,
  until: '2026-01-05T08:01:00.000Z',
  pauses: ['2026-01-05T08:00:00.000Z 2026-01-05T08:00:01.000Z closed'],
  accounts: {
    'account-1': ['2026-01-05T08:00:00.000Z kept-alive 12'],
    'account-2': [
      '2026-01-05T08:00:00.000Z offline – No answer – “3 times”\nin a row 7',
      '2026-01-05T08:00:00.500Z lost',
    ],
  },
};
const write = (changes: object) => writeFileSync(file(), JSON.stringify({ ...FILE, ...changes }));

test('nothing is stored at first', () => {
  expect(open().load()).toBeUndefined();
});

test('what was saved is found again', () => {
  open().save(ACTIVITY);
  expect(open().load()).toEqual(expect.objectContaining(ACTIVITY));
  expect(told).toEqual([]);
});

test('the file has the format of the first version', () => {
  open().save(ACTIVITY);
  expect(JSON.parse(read())).toEqual(FILE);
});

test('how often scripts used an account is stored by the day, on readable lines', () => {
  const uses = new Map([['account-1', [{ day: '2026-01-05', times: 1204 }]]]);
  open().save({ ...ACTIVITY, uses });
  expect(JSON.parse(read())).toEqual({ ...FILE, uses: { 'account-1': ['2026-01-05 1204'] } });
  expect(open().load()).toEqual(expect.objectContaining({ uses }));
});

test('lines about scripts that cannot be read cost no other line', () => {
  write({ uses: { 'account-1': ['2026-01-05 x', '2026-01-05 7'] } });
  const { uses, accounts } = open().load()!;
  expect([...uses]).toEqual([['account-1', [{ day: '2026-01-05', times: 7 }]]]);
  expect(accounts).toEqual(ACTIVITY.accounts);
  expect(setAside()).toHaveLength(1);
});

test('a file of the first version is read', () => {
  write({});
  expect(open().load()).toEqual(expect.objectContaining(ACTIVITY));
});

test('times are stored to the millisecond', () => {
  open().save({ ...ACTIVITY, until: from + 500.25 });
  expect(open().load()!.until).toBe(from + 500);
});

test.each(['', '{"version":1,"unt', 'null', '[]', '"text"', '{"accounts":[null]}'])(
  'a broken file (%s) is set aside, and a new one begins',
  (content) => {
    writeFileSync(file(), content);
    const store = open();
    expect(store.load()).toBeUndefined();
    store.save(ACTIVITY);
    expect(open().load()!.until).toBe(ACTIVITY.until);
  },
);

test('a file that is broken in part is set aside, and its readable lines are kept', () => {
  const broken = {
    pauses: ['2026-01-05T08:00:00.000Z 2026-01-05T08:00:01.000Z dozing', ...FILE.pauses],
    accounts: { ...FILE.accounts, 'account-1': ['2026-01-05T08:00:00.000Z kissed 12'] },
  };
  write(broken);
  const found = open().load()!;
  expect(found.pauses).toEqual(ACTIVITY.pauses);
  expect([...found.accounts.values()].map(({ length }) => length)).toEqual([0, 2]);
  expect(told).toEqual([expect.stringContaining('record of what happened')]);
  expect(setAside()).toHaveLength(1);
});

test('the user is told only once about a file that is broken in part', () => {
  write({ pauses: ['never'] });
  open();
  const found = open().load();
  expect(found!.accounts).toEqual(ACTIVITY.accounts);
  expect(told).toHaveLength(1);
});

test.each([
  ['ends before it begins', '2026-01-05T08:00:01.000Z 2026-01-05T08:00:00.000Z asleep'],
  ['has no end', '2026-01-05T08:00:01.000Z asleep'],
  ['has more than a kind', '2026-01-05T08:00:00.000Z 2026-01-05T08:00:01.000Z asleep 3'],
])('a pause that %s is not read', (_what, line) => {
  write({ pauses: [line] });
  expect(open().load()!.pauses).toEqual([]);
});

test('a file whose last time is broken lasts until the last time in its lines', () => {
  write({ until: 'not a time' });
  expect(open().load()!.until).toBe(from + 1000);
});
