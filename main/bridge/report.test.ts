import { describe, expect, it } from 'vitest';
import { NO_CHOICES } from '../sessions/saved-account.ts';
import type { Span } from '../activity/timeline.ts';
import { MINUTE_MS } from '../clock.ts';
import { nexusIc } from '../systems/nexus-ic/index.ts';
import { activityReport } from './report.ts';

const PRODUCT = { version: '1.2.3', runtime: 'Electron 45.4.1', platform: 'linux 6.1 x64' };
const NOW = Date.UTC(2026, 0, 5, 8);
const sessionKey = { key: 'MARKED-key', since: NOW, verifiedAt: NOW, facts: [] };
const reported = {
  saved: {
    id: 'account-1',
    name: 'Zoë’s account zoe@example.com',
    system: 'nexus-ic',
    method: 'password',
    address: 'https://nexus.example.com/data/icweb.dll',
    values: { userName: 'engineer1' },
    learned: {},
    remember: true,
    keepAliveMinutes: 8,
    wanted: true,
    ...NO_CHOICES,
  },
  system: nexusIc,
  method: nexusIc.methods[0]!,
  session: { state: 'live', sessionKey } as const,
};
const ago = (minutes: number) => NOW - minutes * MINUTE_MS;
const spans: readonly Span[] = [
  { kind: 'signed-in', times: 0, from: ago(100), to: ago(92) },
  { kind: 'kept-alive', times: 6, from: ago(92), to: ago(50) },
  { kind: 'offline', times: 0, from: ago(50), to: ago(43), reason: 'No answer in 15 s.' },
  { kind: 'asleep', times: 0, from: ago(43), to: ago(1) },
  { kind: 'renewed', times: 0, from: ago(1), to: NOW },
];
const timeline = { spans, until: NOW, isCut: false };
const report = (account = reported as Parameters<typeof activityReport>[1], of = timeline) =>
  activityReport(PRODUCT, account, of, { today: 1, all: 1204 });

describe('the report', () => {
  it('names the product, the method, the state and what happened, newest first', () => {
    const lines = report().split('\n');
    expect(lines[1]).toBe('Keyvigil 1.2.3, Electron 45.4.1, linux 6.1 x64');
    expect(lines.slice(3, 9)).toEqual([
      'System:         NEXUS IC',
      'Signs in with:  User name and password',
      'Server:         nexus.example.com',
      'Kept alive:     every 8 min',
      'State:          Live',
      'Live:           24 hours 87.9 %, 7 days 87.9 %, 30 days 87.9 %',
    ]);
    expect(lines[10]).toBe('Scripts:        used it once today, 1,204 times in 30 days');
    expect(lines.slice(13, -1).map((line) => line.slice(28))).toEqual([
      'Signed in again by Keyvigil',
      'Computer asleep, 42 min',
      'Offline, 7 min: No answer in 15 s.',
      'Kept alive 6 times, 42 min',
      'Signed in',
    ]);
  });

  it('has times with their offset from UTC', () => {
    const times = report().match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g)!;
    const [written, newest] = times.map((time) =>
      Date.parse(time.replace(' ', 'T').replace(' ', '')),
    );
    expect(written).toBe(NOW);
    expect(newest).toBe(ago(1));
  });

  it('contains no account name, no person, no path and no key', () => {
    const problem =
      'RIB CX refused zoe@example.com (engineer1) at https://nexus.example.com/x?user=zoe&hash=MARKED1.';
    const text = report(
      { ...reported, session: { state: 'sign-in-needed', problem } },
      { ...timeline, spans: [{ ...spans[2]!, reason: problem }] },
    );
    for (const secret of ['zoe', 'Zoë', 'engineer1', 'icweb', 'MARKED', 'user=']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('State:          Sign-in needed: RIB CX refused ••• (•••) at');
  });

  it('says which entries were dropped', () => {
    const [, second] = report(reported, { ...timeline, isCut: true }).split('\n');
    expect(second).toMatch(/^Entries before .* were dropped/);
    expect(report()).not.toContain('dropped');
  });

  it('says that nothing has happened to a new account', () => {
    const text = report(reported, { ...timeline, spans: [] });
    expect(text).toContain('24 hours no data');
    expect(text).toContain('Nothing yet.');
  });
});
