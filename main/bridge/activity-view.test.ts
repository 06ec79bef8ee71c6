import * as v from 'valibot';
import { expect, test } from 'vitest';
import { MINUTE_MS } from '../clock.ts';
import { DAY_MS, type Span } from '../sessions/activity.ts';
import { activityView } from './activity-view.ts';
import { ActivityView } from './contract.ts';

const NOW = Date.UTC(2026, 0, 5, 8);

/** Spans that end now, each with how many minutes it lasted. */
function spans(...all: readonly (readonly [Span['kind'], number])[]): Span[] {
  let from = NOW - all.reduce((sum, [, minutes]) => sum + minutes, 0) * MINUTE_MS;
  return all.map(([kind, minutes]) => {
    const span = {
      kind,
      from,
      to: from + minutes * MINUTE_MS,
      times: kind === 'kept-alive' ? 1 : 0,
    };
    from = span.to;
    return span;
  });
}

const view = (told: readonly Span[]) => activityView({ spans: told, until: NOW, isCut: false });

test('a new account has neither a picture nor a share', () => {
  const { stretches, happenings, uptime } = view([]);
  expect({ stretches, happenings, ...uptime }).toEqual({ stretches: [], happenings: [] });
});

test('neighbours of one condition are one stretch; where nothing was to be live there is none', () => {
  const { stretches } = view(
    spans(
      ['signed-in', 5],
      ['kept-alive', 5],
      ['lost', 1],
      ['offline', 2],
      ['closed', 9],
      ['renewed', 3],
    ),
  );
  expect(stretches.map(({ condition, from, to }) => [condition, (to - from) / MINUTE_MS])).toEqual([
    ['live', 10],
    ['offline', 3],
    ['live', 3],
  ]);
});

test('the share is of each time apart', () => {
  const { uptime } = view(spans(['offline', 3 * 24 * 60], ['signed-in', 36 * 60]));
  expect(uptime.day).toBe(1);
  expect(uptime.week).toBeCloseTo(1.5 / 4.5);
  expect(uptime.month).toBe(uptime.week);
});

test('the last few things are told, newest first, without what was only supposed for a moment', () => {
  const many = Array.from({ length: 20 }, () => ['offline', 1] as const);
  const told = spans(...many, ['closed', 3], ['kept-alive', 0.5], ['renewed', 3]);
  told[21] = { ...told[21]!, times: 0 };
  const { happenings } = view(told);
  expect(happenings.map(({ kind }) => kind).slice(0, 3)).toEqual(['renewed', 'closed', 'offline']);
  expect(happenings.length).toBeLessThan(10);
});

test('it passes the contract, which drops nothing of it', () => {
  const whole = view(spans(['signed-in', 5], ['offline', DAY_MS / MINUTE_MS], ['user-needed', 1]));
  expect(v.parse(ActivityView, whole)).toEqual(whole);
});
