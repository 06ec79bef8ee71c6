import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../clock.ts';
import { systems } from '../systems/index.ts';
import { dueAt, nextTurn, rhythm, usualMinutes, type Kept } from './schedule.ts';

const DAY_MS = 24 * 60 * MINUTE_MS;
const nexusIc = systems.find(({ keepAlive }) => keepAlive.serverMinutes !== undefined)!;

const live = (verifiedAt: number, minutes: number): Kept => ({
  session: { state: 'live', held: { key: 'key', since: 0, verifiedAt, facts: [] } },
  rhythm: rhythm(nexusIc, minutes),
});
const usedAt = ({ session }: Kept) => (session.state === 'live' ? session.held.verifiedAt : NaN);

describe('accounts that share a server', () => {
  it('use it in time, each in its own time, and as rarely as that allows', () => {
    const minutes = fc.integer({ min: 1, max: 55 });
    const firstUses = fc.array(fc.integer({ min: 0, max: MINUTE_MS }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(minutes, firstUses, (everyMinutes, first) => {
        const { sharedMs = NaN, ownMs } = rhythm(nexusIc, everyMinutes);
        const all = first.map((at) => live(at, everyMinutes));
        let used = Math.max(...first);
        let requests = 0;
        for (;;) {
          const turn = nextTurn(all)!;
          const own = all.map((kept) => dueAt(kept.session, kept.rhythm)!);
          const at = Math.min(turn.at, ...own);
          if (at > DAY_MS) break;
          const who = own.includes(at) ? own.indexOf(at) : all.indexOf(turn.by);
          expect(at - used).toBeLessThanOrEqual(sharedMs);
          expect(at - usedAt(all[who]!)).toBeLessThanOrEqual(ownMs);
          all[who] = live(at, everyMinutes);
          used = at;
          requests++;
        }
        const fewest = Math.max(DAY_MS / sharedMs, (all.length * DAY_MS) / ownMs);
        expect(requests).toBeLessThanOrEqual(fewest + 1);
      }),
    );
  });
});

describe('how often a session is used', () => {
  it('is what the user has set, and the system’s own limits where that leaves room', () => {
    expect(rhythm(nexusIc, 8)).toEqual({
      sharedMs: 8 * MINUTE_MS,
      ownMs: 30 * MINUTE_MS,
      expiryMs: 60 * MINUTE_MS,
    });
    expect(rhythm(nexusIc, 55)).toMatchObject({ sharedMs: 55 * MINUTE_MS, ownMs: 55 * MINUTE_MS });
    const ribCx = systems.find(({ keepAlive }) => keepAlive.serverMinutes === undefined)!;
    expect(rhythm(ribCx, 10)).toEqual({ ownMs: 10 * MINUTE_MS });
  });

  it('is what its system says, unless the user has set it', () => {
    expect(systems.map(usualMinutes)).toEqual([8, 10]);
  });
});
