import { percentile, spreadOf, type Figure } from './figure.ts';

/** All measured values, by the name of the measure. */
export type Measured = Map<string, number[]>;

/** Each ratio divides `value` by `over`, and must not exceed `max`. `over` is measured with the floor, or with three accounts. */
const RATIOS: readonly {
  readonly name: string;
  readonly value: string;
  readonly over: string;
  readonly max?: number;
}[] = [
  { name: 'start to icon, 3 accounts', value: '3: icon', over: 'floor: icon', max: 1.1 },
  { name: 'start to icon, 200 accounts', value: '200: icon', over: 'floor: icon', max: 1.25 },
  { name: 'start to icon, 1,000 accounts', value: '1000: icon', over: 'floor: icon', max: 1.25 },
  {
    name: 'start to icon, 1,000 accounts beside 3',
    value: '1000: icon',
    over: '3: icon',
    max: 1.5,
  },
  {
    name: 'memory, popup never opened',
    value: '3: memory, never opened',
    over: 'floor: memory',
    max: 1,
  },
  { name: 'memory, popup dropped', value: '3: memory, dropped', over: 'floor: memory', max: 1 },
  {
    name: 'memory, popup dropped, beside the floor without its window',
    value: '3: memory, dropped',
    over: 'floor: memory, dropped',
  },
  { name: 'memory, popup open', value: '3: memory, open', over: 'floor: memory', max: 1.35 },
  { name: 'memory, popup closed', value: '3: memory, closed', over: 'floor: memory' },
  {
    name: 'memory, popup never opened, 200 accounts',
    value: '200: memory, never opened',
    over: 'floor: memory',
  },
  {
    name: 'memory, popup never opened, 1,000 accounts',
    value: '1000: memory, never opened',
    over: 'floor: memory',
  },
  {
    name: 'memory, popup open, 200 accounts',
    value: '200: memory, open',
    over: 'floor: memory',
  },
  {
    name: 'memory, popup open, 1,000 accounts',
    value: '1000: memory, open',
    over: 'floor: memory',
  },
  {
    name: 'first click to painted, beside a new window',
    value: '3: first click',
    over: 'floor: click, new',
    max: 1.3,
  },
  {
    name: 'first click to painted, beside a first window',
    value: '3: first click',
    over: 'floor: first click',
  },
  {
    name: 'click to painted, window kept',
    value: '3: click, kept',
    over: 'floor: click, kept',
    max: 1,
  },
  {
    name: 'click to painted, window dropped',
    value: '3: click, dropped',
    over: 'floor: click, new',
    max: 1.3,
  },
  {
    name: 'first click to painted, 200 accounts beside 3',
    value: '200: first click',
    over: '3: first click',
    max: 1.3,
  },
  { name: 'key stroke to copied', value: '3: copy', over: 'floor: copy' },
];

/** These limits are absolute, so a faster machine meets them more easily. */
const VALUES: readonly { readonly name: string; readonly unit: string; readonly max?: number }[] = [
  { name: '1000: all known', unit: 'ms', max: 10_000 },
  { name: '1000: first click', unit: 'ms', max: 400 },
  { name: '200: idle CPU', unit: 'ms', max: 20 },
  { name: '200: idle wake-ups', unit: '' },
  { name: 'floor: idle wake-ups', unit: '' },
];

const MAX_ASAR_BYTES = 1.5e6;

export function desktopFigures(measured: Measured, asarBytes: number): readonly Figure[] {
  const median = (name: string) => percentile(valuesOf(measured, name), 0.5);
  const ratios = RATIOS.map(({ name, value, over, max }): Figure => ({
    name,
    value: median(value) / median(over),
    unit: 'times',
    spread: spreadOf(valuesOf(measured, value), median(over)),
    ...(max !== undefined && { limit: { max } }),
  }));
  const named = new Map(VALUES.map((value) => [value.name, value]));
  const values = [...measured.keys()].toSorted().map((name): Figure => {
    const { unit = name.includes('memory') ? 'MiB' : 'ms', max } = named.get(name) ?? {};
    const all = valuesOf(measured, name);
    return {
      name,
      value: median(name),
      unit,
      spread: spreadOf(all),
      ...(max !== undefined && { limit: { max } }),
    };
  });
  const asar: Figure = {
    name: 'app.asar',
    value: asarBytes / 1e6,
    unit: 'MB',
    limit: { max: MAX_ASAR_BYTES / 1e6 },
  };
  return [...ratios, asar, ...values];
}

function valuesOf(measured: Measured, name: string): readonly number[] {
  const values = measured.get(name);
  if (!values) throw new Error(`Nothing measured “${name}”.`);
  return values;
}
