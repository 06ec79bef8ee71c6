import { DAY_MS } from '../../main/clock.ts';
import type { ReportLine } from './report.ts';
import type { Result } from './simulate.ts';
import { STYLE } from './timeline-page-style.ts';
import type { AccountTimeline, Stretch } from './timeline.ts';

/**
 * The width and height of a picture, in its own units. In a month, one unit is about two minutes. The page stretches the
 * picture.
 */
const WIDTH = 20_000;
const HEIGHT = 10;

interface Band {
  readonly state: Stretch['state'];
  readonly label: string;
  readonly words: string;
  /** The band's place in the picture's height. By this place, people who cannot see colours recognize the band. */
  readonly top: number;
  readonly height: number;
}

/** The most important band is the last, because it is drawn over the others. */
const BANDS: readonly Band[] = [
  { state: 'asleep', label: 'Machine asleep', words: 'asleep', top: 0, height: 10 },
  { state: 'resting', label: 'Not wanted', words: 'resting', top: 0, height: 10 },
  { state: 'live', label: 'Live', words: 'live', top: 2, height: 6 },
  {
    state: 'offline',
    label: 'Offline: network or server away',
    words: 'offline',
    top: 6,
    height: 2,
  },
  { state: 'app closed', label: 'App not running', words: 'not running', top: 7, height: 1 },
  { state: 'user needed', label: 'Sign-in needed', words: 'sign-in needed', top: 5, height: 3 },
  { state: 'expired', label: 'Expired', words: 'expired', top: 2, height: 3 },
  { state: 'lapse', label: 'Lapse: expired without an excuse', words: 'lapse', top: 0, height: 10 },
];

/** Makes a page that needs no other file: the report, and a timeline of every account. */
export function timelinePage(
  columns: readonly string[],
  lines: readonly ReportLine[],
  result: Result,
): string {
  const { seed, from, to, timelines, downtime } = result;
  const days = Math.round((to - from) / DAY_MS);
  const title = lines.some(({ isMissed }) => isMissed)
    ? 'Some goals are missed'
    : 'Every goal is met';
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Keyvigil, simulated: ${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<p>${timelines.length} accounts on ${result.servers} servers, ${days} days of virtual time, ${result.events} events of seed ${seed}. ${downtime.lapses.count} lapses.</p>
</header>
<h2>Measured</h2>
${report(columns, lines)}
<h2>Every account, seed ${seed}</h2>
${legend()}
<div class="timelines">
${axis(from, to)}
${[...Map.groupBy(timelines, ({ host }) => host)]
  .map(([host, ofHost]) => section(host, ofHost, from, to))
  .join('\n')}
</div>
</body>
</html>
`;
}

function report(columns: readonly string[], lines: readonly ReportLine[]): string {
  const head = ['Measure', ...columns, 'Goal']
    .map((name) => `<th scope="col">${name}</th>`)
    .join('');
  const rows = lines.map(({ measure, values, goal = '', isMissed }) => {
    const mark = goal === '' ? '' : isMissed ? ' ✗ missed' : ' ✓';
    const kind = measure.startsWith('  ') ? ' class="detail"' : isMissed ? ' class="missed"' : '';
    const cells = [...values, goal + mark].map((cell) => `<td>${escape(cell)}</td>`).join('');
    return `<tr${kind}><th scope="row">${escape(measure.trim())}</th>${cells}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function legend(): string {
  const items = BANDS.map(
    ({ state, label, top, height }) =>
      `<li><svg viewBox="0 0 40 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${className(state)}" y="${top}" width="40" height="${height}"/></svg>${label}</li>`,
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

function section(
  host: string,
  timelines: readonly AccountTimeline[],
  from: number,
  to: number,
): string {
  const rows = timelines.map((timeline) => {
    const name = escape(timeline.account);
    return `<div class="row"><span class="name">${name}</span>${picture(timeline, from, to)}</div>`;
  });
  return `<section><h3>${escape(host)}</h3>\n${rows.join('\n')}</section>`;
}

function picture(timeline: AccountTimeline, from: number, to: number): string {
  const all = [...timeline.stretches, ...timeline.lapses];
  const paths = BANDS.map((band) => path(band, all, from, to));
  const title = escape(`${timeline.account}: ${describe(timeline, to - from)}`);
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}"><title>${title}</title>${paths.join('')}</svg>`;
}

/** Draws all stretches of one state. Stretches that are too close to be told apart become one. */
function path(
  { state, top, height }: Band,
  stretches: readonly Stretch[],
  from: number,
  to: number,
): string {
  const x = (at: number) => Math.round(((at - from) / (to - from)) * WIDTH);
  // A short stretch is drawn at least this wide, so that people can see it.
  const minWidth = state === 'lapse' ? 40 : state === 'live' || state === 'asleep' ? 1 : 12;
  const spans: [number, number][] = [];
  for (const stretch of stretches) {
    if (stretch.state !== state) continue;
    const start = x(stretch.from);
    const end = Math.max(x(stretch.to), start + minWidth);
    const last = spans.at(-1);
    if (last && start <= last[1] + 3) last[1] = Math.max(last[1], end);
    else spans.push([start, end]);
  }
  if (spans.length === 0) return '';
  const d = spans.map(([a, b]) => `M${a} ${top}h${b - a}v${height}H${a}z`).join('');
  return `<path class="${className(state)}" d="${d}"/>`;
}

/** Says in words what the picture shows, for people who cannot see it or want exact numbers. */
function describe({ stretches, lapses }: AccountTimeline, totalMs: number): string {
  const parts = BANDS.map(({ state, words }) => {
    const ms = stretches
      .filter((stretch) => stretch.state === state)
      .reduce((sum, { from, to }) => sum + to - from, 0);
    const percent = (ms / totalMs) * 100;
    return percent > 0 ? `${words} ${percent.toFixed(percent < 1 ? 2 : 1)} %` : '';
  });
  return `${parts.filter(Boolean).join(', ')}; ${lapses.length} lapses`;
}

const className = (state: Stretch['state']) => state.replace(' ', '-');

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
