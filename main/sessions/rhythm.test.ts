import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import { systems } from '../systems/index.ts';
import { defaultMinutes, dueAt, nextServerRequest, rhythm, type Rhythm } from './rhythm.ts';
import type { Session } from './session.ts';

const nexusIc = systems.find(({ keepAliveRhythm }) => keepAliveRhythm.serverMinutes !== undefined)!;

type Kept = { session: Session; rhythm: Rhythm };
const live = (verifiedAt: number, minutes: number): Kept => ({
  session: { state: 'live', sessionKey: { key: 'key', since: 0, verifiedAt, facts: [] } },
  rhythm: rhythm(nexusIc, minutes),
});
const usedAt = ({ session }: Kept) =>
  session.state === 'live' ? session.sessionKey.verifiedAt : NaN;

describe('accounts that share a server', () => {
  it('use the server and each session in time, and no more often than needed', () => {
    const minutes = fc.integer({ min: 1, max: 55 });
    const firstUses = fc.array(fc.integer({ min: 0, max: MINUTE_MS }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(minutes, firstUses, (everyMinutes, first) => {
        const { serverMs = NaN, sessionMs } = rhythm(nexusIc, everyMinutes);
        const all = first.map((at) => live(at, everyMinutes));
        let used = Math.max(...first);
        let requests = 0;
        for (;;) {
          const turn = nextServerRequest(all)!;
          const own = all.map((kept) => dueAt(kept.session, kept.rhythm)!);
          const at = Math.min(turn.at, ...own);
          if (at > DAY_MS) break;
          const who = own.includes(at) ? own.indexOf(at) : all.indexOf(turn.sender);
          expect(at - used).toBeLessThanOrEqual(serverMs);
          expect(at - usedAt(all[who]!)).toBeLessThanOrEqual(sessionMs);
          all[who] = live(at, everyMinutes);
          used = at;
          requests++;
        }
        const fewest = Math.max(DAY_MS / serverMs, (all.length * DAY_MS) / sessionMs);
        expect(requests).toBeLessThanOrEqual(fewest + 1);
      }),
    );
  });
});

describe('how often a session is used', () => {
  it('is the user’s setting, and within it the system’s own limits', () => {
    expect(rhythm(nexusIc, 8)).toEqual({
      serverMs: 8 * MINUTE_MS,
      sessionMs: 30 * MINUTE_MS,
      expiryMs: 60 * MINUTE_MS,
    });
    expect(rhythm(nexusIc, 55)).toMatchObject({
      serverMs: 55 * MINUTE_MS,
      sessionMs: 55 * MINUTE_MS,
    });
    const ribCx = systems.find(
      ({ keepAliveRhythm }) => keepAliveRhythm.serverMinutes === undefined,
    )!;
    expect(rhythm(ribCx, 10)).toEqual({ sessionMs: 10 * MINUTE_MS });
  });

  it('is the system’s interval unless the user has set another', () => {
    expect(systems.map(defaultMinutes)).toEqual([8, 10]);
  });
});
