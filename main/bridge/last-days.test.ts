import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import type { Entry, Pause } from '../activity/record.ts';
import { HOUR_MS, MINUTE_MS } from '../clock.ts';
import { LastDays } from './last-days.ts';

const entry = (kind: Entry['kind'], from: number): Entry => ({ kind, from, times: 0 });

/** Makes a clock at hour 48, whose wall clock shows the same time. */
async function createWorld(entries: readonly Entry[], pauses: readonly Pause[] = []) {
  const clock = new VirtualClock();
  const start = clock.now();
  await clock.advance(48 * HOUR_MS);
  const at = (hours: number) => start + hours * HOUR_MS;
  let record = {
    entries: entries.map((each) => ({ ...each, from: at(each.from) })),
    pauses: pauses.map((each) => ({ ...each, from: at(each.from), to: at(each.to) })),
  };
  const lastDays = new LastDays({ recordOf: () => record }, clock);
  const hour = (time: number) => (time - clock.wall()) / HOUR_MS + 48;
  return {
    clock,
    lastDays,
    /** In hours. */
    lastDay: () =>
      lastDays
        .of('a')
        .map(({ condition, from, to = Infinity }) => [condition, hour(from), hour(to)]),
    happen(kind: Entry['kind']) {
      record = { ...record, entries: [...record.entries, { ...entry(kind, clock.now()) }] };
    },
  };
}

describe('the last 24 hours', () => {
  it('start with what lasted before, and end with what still lasts', async () => {
    const { lastDay } = await createWorld([
      entry('signed-in', 1),
      entry('offline', 30),
      entry('kept-alive', 31),
    ]);
    expect(lastDay()).toEqual([
      ['live', 24, 30],
      ['offline', 30, 31],
      ['live', 31, Infinity],
    ]);
  });

  it('have gaps while the computer slept or the account was signed out', async () => {
    const { lastDay } = await createWorld(
      [entry('signed-in', 26), entry('signed-out', 40)],
      [{ kind: 'asleep', from: 30, to: 36 }],
    );
    expect(lastDay()).toEqual([
      ['live', 26, 30],
      ['live', 36, 40],
    ]);
  });

  it('have few stretches even if a server fails all the time', async () => {
    const minute = 1 / 60;
    const entries = Array.from({ length: 400 }, (_, i) =>
      entry(i % 2 === 0 ? 'offline' : 'kept-alive', 30 + i * minute),
    );
    const { lastDay } = await createWorld([...entries, entry('offline', 40)]);
    expect(lastDay().length).toBeLessThan(4);
  });

  it('are the same object until something happens, or ten minutes have passed', async () => {
    const { lastDays, clock, happen } = await createWorld([entry('signed-in', 30)]);
    const before = lastDays.of('a');
    expect(lastDays.of('a')).toBe(before);
    happen('offline');
    const after = lastDays.of('a');
    expect(after.map(({ condition }) => condition)).toEqual(['live', 'offline']);
    expect(lastDays.of('a')).toBe(after);
    await clock.advance(10 * MINUTE_MS);
    expect(lastDays.of('a')).not.toBe(after);
  });
});
