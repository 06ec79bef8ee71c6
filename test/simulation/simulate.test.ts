import { describe, expect, it } from 'vitest';
import { HOUR_MS, type Happening } from './weather.ts';
import { IntervalKeeper } from './interval-keeper.ts';
import { timelinePage } from './page.ts';
import { simulate, type Result } from './simulate.ts';
import { KeyvigilSubject } from './subject.ts';
import { table } from './table.ts';
import { judge } from './verdict.ts';

/** Signs in, and does nothing ever after. */
class IdleKeeper extends IntervalKeeper {
  protected override setInterval(): void {
    // Nothing.
  }
}

/** A keeper that is told of nothing. */
class DeafKeeper extends KeyvigilSubject {
  override wake(): void {
    // Nothing.
  }
}

const calm = { happens: () => false, withMishaps: false };
const only =
  (...kinds: Happening['kind'][]) =>
  ({ kind }: Happening) =>
    kinds.includes(kind);

/** Seconds here, but not on a machine that has something else to do. */
const SLOW = { timeout: 60_000 };

/** All that was measured, as text. */
function measured({ timelines, ...rest }: Result): string {
  return JSON.stringify({ ...rest, timelines: timelines.map(({ timeline }) => timeline) });
}

describe('a simulated world', () => {
  it('is the same for the same seed, and another for another', SLOW, async () => {
    const run = async (seed: number) => measured(await simulate({ seed, accounts: 6, days: 2 }));
    const first = await run(1);
    expect(await run(1)).toBe(first);
    expect(await run(2)).not.toBe(first);
  });

  it.each([1, 2])(
    'has no lapse with Keyvigil, and no request too many (seed %i)',
    SLOW,
    async (seed) => {
      const result = await simulate({ seed, accounts: 12, days: 3 });
      expect(result.lapses.lapses.count).toBe(0);
      expect(result.loginsAfterRefusal).toBe(0);
      expect(result.loginsAfterTwoLost).toBe(0);
      expect(result.mostAtOnce).toBeLessThanOrEqual(2);
      expect(result.mostTimers).toBe(1);
      expect(result.faults).toEqual([]);
      // Over three days, a few troubles weigh more than in a month (1.10). Requests while no server can answer are left out, and the
      // fewest does not count the requests that ask a server who it is before a login.
      expect(result.answerable / result.fewestRequests).toBeLessThanOrEqual(1.15);
      expect(result.happenings).toBeGreaterThan(20);
    },
  );

  it('needs hardly more requests than the fewest where nothing happens', async () => {
    const result = await simulate({ seed: 1, accounts: 12, days: 2, ...calm });
    expect(result.requests / result.fewestRequests).toBeLessThan(1.01);
    expect(result.requests).toBeGreaterThanOrEqual(result.fewestRequests);
    expect(result.logins).toBe(0);
  });
});

describe('the measure', () => {
  it('catches a keeper that does nothing', async () => {
    const { lapses, timelines } = await simulate({
      seed: 1,
      accounts: 6,
      days: 1,
      ...calm,
      subject: (parts) => new IdleKeeper(parts),
    });
    expect(lapses.lapses.count).toBe(6);
    expect(lapses.lapses.totalMs).toBeGreaterThan(6 * 23.5 * HOUR_MS);
    expect(timelines.every(({ timeline }) => timeline.lapses.length === 1)).toBe(true);
  });

  it('catches one that does not hear that the machine woke up', SLOW, async () => {
    const happens = only('sleep', 'wake');
    const world = { seed: 1, accounts: 6, days: 3, happens };
    const deaf = await simulate({ ...world, subject: (parts) => new DeafKeeper(parts) });
    const keeper = await simulate(world);
    expect(deaf.lapses.lapses.count).toBeGreaterThan(0);
    expect(keeper.lapses.lapses.count).toBe(0);
  });

  it('catches one that tries refused credentials again and again', SLOW, async () => {
    const { loginsAfterRefusal } = await simulate({
      seed: 10,
      accounts: 4,
      days: 10,
      happens: only('password changed', 'sessions forgotten'),
      subject: (parts) => new IntervalKeeper(parts),
    });
    expect(loginsAfterRefusal).toBeGreaterThan(100);
  });

  it('is shown in a table and on a page, with what is missed', async () => {
    const world = { seed: 1, accounts: 6, days: 1 };
    const idle = await simulate({ ...world, subject: (parts) => new IdleKeeper(parts) });
    const keeper = await simulate(world);
    const lines = judge([[idle], [keeper]]);
    expect(lines.find(({ measure }) => measure === 'Lapses')).toMatchObject({ isMissed: true });
    expect(table(['idle', 'Keyvigil'], lines)).toMatch(/Lapses +\d+ +0 +0 +✗ missed/);
    expect(judge([[keeper]]).some(({ isMissed }) => isMissed)).toBe(false);
    const page = timelinePage(['idle', 'Keyvigil'], lines, idle);
    expect(page).toContain('Some goals are missed');
    expect(page).toContain('class="lapse" d="M');
    expect(page).not.toMatch(/\b(src|href)=|url\(/);
  });
});
