import type { Result } from './simulate.ts';
import type { State, Stretch, Timeline } from './timeline.ts';
import type { Line } from './verdict.ts';
import { DAY_MS } from './weather.ts';

/** Pictures are drawn in these units, one for about two minutes of a month; the page stretches them to its width. */
const WIDTH = 20_000;
const ROW = 10;

type Band = Exclude<State, 'asleep'> | 'lapse';

/**
 * From below to above: what must not be overlooked is drawn last. `top` and `height` are of a row's 10, and tell one from another
 * where colours do not.
 */
const BANDS: readonly {
  readonly band: Band;
  readonly label: string;
  readonly top: number;
  readonly height: number;
}[] = [
  { band: 'live', label: 'Live', top: 2, height: 6 },
  { band: 'offline', label: 'Offline: network or server away', top: 6, height: 2 },
  { band: 'closed', label: 'Keyvigil not running', top: 7, height: 1 },
  { band: 'person', label: 'Sign-in needed', top: 5, height: 3 },
  { band: 'dead', label: 'Dead for up to one interval, without its fault', top: 2, height: 3 },
  { band: 'lapse', label: 'Lapse', top: 0, height: 10 },
];

/** One page with everything in it: the table, and a timeline of every account. */
export function timelinePage(
  columns: readonly string[],
  lines: readonly Line[],
  result: Result,
): string {
  const { seed, from, to, timelines, lapses } = result;
  const days = Math.round((to - from) / DAY_MS);
  const verdict = lines.some(({ isMissed }) => isMissed)
    ? 'Some goals are missed'
    : 'Every goal is met';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Keyvigil, simulated: ${verdict}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${verdict}</h1>
<p>${timelines.length} accounts on ${result.servers} servers, ${days} days of virtual time, ${result.happenings} troubles drawn from seed ${seed}. ${lapses.lapses.count} lapses.</p>
</header>
<h2>Measured</h2>
${measures(columns, lines)}
<h2>Every account, seed ${seed}</h2>
${legend()}
<div class="timelines">
${axis(from, to)}
${byServer(timelines)
  .map(([host, rows]) => serverRows(host, rows, from, to))
  .join('\n')}
</div>
</body>
</html>
`;
}

function measures(columns: readonly string[], lines: readonly Line[]): string {
  const head = ['Measure', ...columns, 'Goal']
    .map((name) => `<th scope="col">${name}</th>`)
    .join('');
  const rows = lines.map(({ measure, values, goal = '', isMissed }) => {
    const mark = goal === '' ? '' : isMissed ? ' ✗ missed' : ' ✓';
    const detail = measure.startsWith('  ') ? ' class="detail"' : isMissed ? ' class="missed"' : '';
    const cells = [...values, goal + mark].map((cell) => `<td>${escaped(cell)}</td>`).join('');
    return `<tr${detail}><th scope="row">${escaped(measure.trim())}</th>${cells}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function legend(): string {
  const items = BANDS.map(
    ({ band, label, top, height }) =>
      `<li><svg viewBox="0 0 40 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${band}" y="${top}" width="40" height="${height}"/></svg>${label}</li>`,
  );
  items.push(
    '<li><svg viewBox="0 0 40 10" preserveAspectRatio="none" aria-hidden="true"><rect class="asleep" width="40" height="10"/></svg>Machine asleep</li>',
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}

function axis(from: number, to: number): string {
  const labels: string[] = [];
  const days = (to - from) / DAY_MS;
  const step = Math.max(1, Math.ceil(days / 10));
  const midnight = from - (from % DAY_MS) + DAY_MS;
  for (let day = midnight; day < to; day += step * DAY_MS) {
    const left = (((day - from) / (to - from)) * 100).toFixed(2);
    const text = new Date(day).toLocaleDateString('en', {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    });
    labels.push(`<span style="left:${left}%">${text}</span>`);
  }
  return `<div class="axis" aria-hidden="true"><div>${labels.join('')}</div></div>`;
}

type Row = Result['timelines'][number];

function byServer(rows: readonly Row[]): (readonly [string, readonly Row[]])[] {
  return [...Map.groupBy(rows, ({ account }) => account.server.host)];
}

/** Sleep is the same for all, and so the background. */
function serverRows(host: string, rows: readonly Row[], from: number, to: number): string {
  const drawn = rows.map(({ account, timeline }) => {
    const shares = inWords(timeline, to - from);
    return `<div class="row"><span class="name">${escaped(account.name)}</span>${picture(timeline, from, to, `${account.name}: ${shares}`)}</div>`;
  });
  return `<section><h3>${escaped(host)}</h3>\n${drawn.join('\n')}</section>`;
}

function picture(timeline: Timeline, from: number, to: number, title: string): string {
  const all: readonly Stretch[] = [...timeline.stretches, ...timeline.lapses];
  const asleep = path('asleep', 0, ROW, all, from, to);
  const bands = BANDS.map(({ band, top, height }) => path(band, top, height, all, from, to));
  return `<svg viewBox="0 0 ${WIDTH} ${ROW}" preserveAspectRatio="none" role="img" aria-label="${escaped(title)}"><title>${escaped(title)}</title>${asleep}${bands.join('')}</svg>`;
}

/** All stretches of one kind in one path; those that a picture could not show apart are drawn as one. */
function path(
  band: Stretch['state'],
  top: number,
  height: number,
  stretches: readonly Stretch[],
  from: number,
  to: number,
): string {
  const x = (at: number) => Math.round(((at - from) / (to - from)) * WIDTH);
  // What is short is drawn as wide as a pixel, or nobody would ever see it.
  const least = band === 'lapse' ? 40 : band === 'live' || band === 'asleep' ? 1 : 12;
  const spans: [number, number][] = [];
  for (const stretch of stretches) {
    if (stretch.state !== band) continue;
    const start = x(stretch.from);
    const end = Math.max(x(stretch.to), start + least);
    const last = spans.at(-1);
    if (last && start <= last[1] + 3) last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  }
  if (spans.length === 0) return '';
  const d = spans.map(([a, b]) => `M${a} ${top}h${b - a}v${height}H${a}z`).join('');
  return `<path class="${band}" d="${d}"/>`;
}

/** What the picture shows, for whoever cannot see it, or wants it exactly. */
function inWords({ stretches, lapses }: Timeline, all: number): string {
  const share = (state: State) => {
    const ms = stretches
      .filter((stretch) => stretch.state === state)
      .reduce((sum, { from, to }) => sum + to - from, 0);
    return (ms / all) * 100;
  };
  const states: readonly [State, string][] = [
    ['live', 'live'],
    ['asleep', 'asleep'],
    ['offline', 'offline'],
    ['closed', 'not running'],
    ['person', 'sign-in needed'],
    ['dead', 'dead'],
  ];
  const parts = states
    .filter(([state]) => share(state) > 0)
    .map(([state, words]) => `${words} ${share(state).toFixed(share(state) < 1 ? 2 : 1)} %`);
  return `${parts.join(', ')}; ${lapses.length} lapses`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fcfcfb; --text: #1b1c1e; --quiet: #5b5f66; --rule: #dcdddf; --asleep: #e6e7ea;
  --live: #2e8a57; --offline: #8a8f98; --closed: #44474d; --person: #b7791f; --dead: #7d5bbe; --lapse: #c8102e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #17181a; --text: #ececee; --quiet: #a3a7ae; --rule: #34363a; --asleep: #26282c;
    --live: #43a871; --offline: #8d929b; --closed: #c3c6cb; --person: #e0a63f; --dead: #a98be6; --lapse: #ff5a6e;
  }
}
body { margin: 2rem auto; max-width: 76rem; padding: 0 1.5rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
h3 { font-size: .85rem; font-weight: 600; margin: .9rem 0 .2rem; }
header p { color: var(--quiet); margin: .3rem 0 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem 1.4rem .2rem 0; border-bottom: 1px solid var(--rule); text-align: right; font-weight: 400; }
th:first-child { text-align: left; } thead th { color: var(--quiet); font-size: .85rem; }
.detail th, .detail td { color: var(--quiet); } .detail th:first-child { padding-left: 1.2rem; }
.missed th, .missed td { color: var(--lapse); font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; list-style: none; padding: 0; margin: 0 0 1rem; font-size: .85rem; }
.legend svg { width: 2rem; height: 13px; margin-right: .45rem; vertical-align: -2px; }
.axis { position: sticky; top: 0; background: var(--page); padding: .3rem 0; }
.axis div { position: relative; height: 1.2rem; margin-left: 6.5rem; }
.axis span { position: absolute; padding-left: .25rem; border-left: 1px solid var(--rule); color: var(--quiet); font-size: .75rem; white-space: nowrap; }
.row { display: flex; align-items: center; }
.row:hover { background: color-mix(in srgb, var(--text) 7%, transparent); }
.name { flex: none; width: 6.5rem; font-size: .8rem; color: var(--quiet); }
.row svg { flex: auto; min-width: 0; height: 13px; }
.asleep { fill: var(--asleep); } .live { fill: var(--live); } .offline { fill: var(--offline); }
.closed { fill: var(--closed); } .person { fill: var(--person); } .dead { fill: var(--dead); } .lapse { fill: var(--lapse); }
`;
