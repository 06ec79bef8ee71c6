import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { steadyTime } from './clock.ts';

/** Makes a computer whose clocks behave like the clocks of Linux. */
function computer() {
  const time = { wall: Date.UTC(2026, 0, 5, 8), monotonic: 1234.5, uptime: 900_000 };
  return {
    now: steadyTime({
      wall: () => time.wall,
      monotonic: () => time.monotonic,
      // The uptime is as coarse as on macOS.
      uptime: () => Math.floor(time.uptime / 1000) * 1000,
    }),
    run(ms: number) {
      time.wall += ms;
      time.monotonic += ms;
      time.uptime += ms;
    },
    sleep(ms: number) {
      time.wall += ms;
      time.uptime += ms;
    },
    /** Moves the monotonic clock this far ahead of the uptime. */
    drift(ms: number) {
      time.monotonic += ms;
    },
    setWallClock(byMs: number) {
      time.wall += byMs;
    },
  };
}

type Computer = ReturnType<typeof computer>;
type Step = (machine: Computer) => number;

/** A step does something to the computer, and returns how much time passed. */
const step = fc.oneof(
  fc.integer({ min: 1, max: 1e6 }).map(
    (ms): Step =>
      (machine) => (machine.run(ms), ms),
  ),
  fc.integer({ min: 1e4, max: 1e8 }).map(
    (ms): Step =>
      (machine) => (machine.sleep(ms), ms),
  ),
  fc.integer({ min: -1e8, max: 1e8 }).map(
    (ms): Step =>
      (machine) => (machine.setWallClock(ms), 0),
  ),
);

describe('the steady time', () => {
  it('begins with the time of the wall clock', () => {
    expect(computer().now()).toBe(Date.UTC(2026, 0, 5, 8));
  });

  it('counts the time that passes, asleep or awake, even if the wall clock is set', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const machine = computer();
        let expected = machine.now();
        for (const happens of steps) {
          const before = machine.now();
          expected += happens(machine);
          expect(machine.now()).toBeGreaterThanOrEqual(before);
          // The uptime is coarse, so each step may be wrong by up to 2 s.
          expect(Math.abs(machine.now() - expected)).toBeLessThanOrEqual(2000 * steps.length);
        }
      }),
    );
  });

  it('counts a sleep in full although the clocks have drifted apart', () => {
    const machine = computer();
    for (let day = 0; day < 30; day++) {
      machine.run(86_400_000);
      machine.drift(500);
      machine.now();
    }
    const before = machine.now();
    machine.sleep(60_000);
    expect(machine.now() - before).toBeGreaterThan(58_000);
  });

  it('is as precise as the monotonic clock', () => {
    const machine = computer();
    const before = machine.now();
    machine.run(0.25);
    expect(machine.now() - before).toBeCloseTo(0.25, 5);
  });
});
