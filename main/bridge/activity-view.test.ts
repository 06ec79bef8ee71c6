import * as v from 'valibot';
import { expect, test } from 'vitest';
import type { Span } from '../activity/timeline.ts';
import { DAY_MS, MINUTE_MS } from '../clock.ts';
import { activityView } from './activity-view.ts';
import { ActivityView } from './shapes.ts';

const NOW = Date.UTC(2026, 0, 5, 8);

/** @returns spans that follow each other and end now, each with its length in minutes */
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

const view = (all: readonly Span[]) =>
  activityView({ spans: all, until: NOW, isCut: false }, { today: 7, all: 9 });

test('a new account has no picture and no uptime', () => {
  const { stretches, happenings, uptime } = view([]);
  expect({ stretches, happenings, ...uptime }).toEqual({ stretches: [], happenings: [] });
});

test('neighbours of the same condition are one stretch; a time without a session has none', () => {
  const { stretches } = view(
    spans(
      ['signed-in', 5],
      ['kept-alive', 5],
      ['expired', 1],
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

test('an expired session that is renewed at once is no outage', () => {
  const { stretches } = view(spans(['signed-in', 5], ['expired', 0.5], ['renewed', 5]));
  expect(stretches.map(({ condition }) => condition)).toEqual(['live', 'live']);
});

test('the uptime of each period counts that period alone', () => {
  const { uptime } = view(spans(['offline', 3 * 24 * 60], ['signed-in', 36 * 60]));
  expect(uptime.day).toBe(1);
  expect(uptime.week).toBeCloseTo(1.5 / 4.5);
  expect(uptime.month).toBe(uptime.week);
});

test('the last happenings are shown, newest first, without a session that only seemed live after a start', () => {
  const many = Array.from({ length: 20 }, () => ['offline', 1] as const);
  const all = spans(...many, ['closed', 3], ['kept-alive', 0.5], ['renewed', 3]);
  all[21] = { ...all[21]!, times: 0 };
  const { happenings } = view(all);
  expect(happenings.map(({ kind }) => kind).slice(0, 3)).toEqual(['renewed', 'closed', 'offline']);
  expect(happenings.length).toBeLessThan(10);
});

test('the contract drops nothing of the view', () => {
  const whole = view(spans(['signed-in', 5], ['offline', DAY_MS / MINUTE_MS], ['user-needed', 1]));
  expect(v.parse(ActivityView, whole)).toEqual(whole);
});
