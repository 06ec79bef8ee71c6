/** The results of the last bench, which are committed, so that the next one can be compared with them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../build/runtime/run.ts';
import type { Figure } from './figure.ts';

const PATH = 'test/bench/results.json';
const project = join(import.meta.dirname, '../..');

export interface Results {
  readonly machine: {
    readonly processors: number;
    /** The number of processes that ran or waited to run, before and after the bench. */
    readonly load: readonly [before: number, after: number];
    readonly electron: string;
    readonly rounds: number;
  };
  readonly figures: readonly Figure[];
}

/** @returns the committed results; undefined before the first commit */
export async function committedResults(): Promise<Results | undefined> {
  const { status, stdout } = await run('git', ['-C', project, 'show', `HEAD:${PATH}`]);
  return status === 0 ? (JSON.parse(stdout) as Results) : undefined;
}

/** Saves the new figures, and keeps the old figures that were not measured again. */
export function saveResults(results: Results, before: Results | undefined): void {
  const measured = new Set(results.figures.map(({ name }) => name));
  const others = (before?.figures ?? []).filter(({ name }) => !measured.has(name));
  const figures = [...results.figures, ...others].map(rounded);
  writeFileSync(
    join(project, PATH),
    `${JSON.stringify({ machine: results.machine, figures }, null, 2)}\n`,
  );
}

function rounded(figure: Figure): Figure {
  const { value, spread } = figure;
  return {
    ...figure,
    value: round(value),
    ...(spread && { spread: { ...spread, from: round(spread.from), to: round(spread.to) } }),
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
