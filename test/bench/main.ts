/**
 * Measures on this machine what Keyvigil promises, and fails if a figure misses its limit. A busy machine gives worse figures.
 *
 *     npm run bench                          everything
 *     npm run bench -- desktop               start, memory, idle work and popup, beside a bare tray app
 *     npm run bench -- copy                  a copy among 1,000 accounts
 *     npm run bench -- scripts               the time for which scripts wait
 *     npm run bench -- desktop --rounds=3    faster, but less reliable
 */
import { availableParallelism, loadavg, setPriority } from 'node:os';
import { parseArgs } from 'node:util';
import { electronRuntime } from '../../build/runtime/index.ts';
import { Problem, script } from '../../build/runtime/report.ts';
import { benchCommand } from './command.ts';
import { benchCopy } from './copy.ts';
import { benchDesktop } from './desktop.ts';
import { worseThan } from './compare.ts';
import { isMet, toLine, type BenchOptions, type Figure } from './figure.ts';
import { benchLocalAddress } from './local-address.ts';
import { writePage } from './page.ts';
import { committedResults, saveResults } from './results.ts';

const BENCHES: Readonly<
  Record<string, readonly ((options: BenchOptions) => Promise<readonly Figure[]>)[]>
> = {
  desktop: [benchDesktop],
  copy: [benchCopy],
  scripts: [benchCommand, benchLocalAddress],
};

await script(async () => {
  const { positionals: chosen, values } = readArguments();
  const unknown = chosen.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    throw new Problem(
      `There is no bench "${unknown}"; there is ${Object.keys(BENCHES).join(', ')}.`,
    );
  }
  preferBench();
  const rounds = Number(values.rounds);
  const processors = availableParallelism();
  const loadBefore = load();
  console.log(`${processors} processors, load ${loadBefore}`);
  const names = chosen.length > 0 ? chosen : Object.keys(BENCHES);
  const figures: Figure[] = [];
  for (const bench of names.flatMap((name) => BENCHES[name]!)) {
    for (const figure of await bench({ rounds })) {
      figures.push(figure);
      console.log(toLine(figure));
    }
  }
  const { version } = await electronRuntime();
  const machine = {
    processors,
    load: [loadBefore, load()] as const,
    electron: version,
    rounds,
  };
  const before = await committedResults();
  saveResults({ machine, figures }, before);
  const worse = worseThan(before?.figures ?? [], figures);
  for (const line of worse) console.log(line);
  console.log(`Plots: ${writePage(figures)}`);
  console.log(`Load ${machine.load.join(' before, ')} after.`);
  if (worse.length > 0 || !figures.every(isMet)) process.exitCode = 1;
});

/** Processes that run or wait to run, on average over the last minute. */
function load(): number {
  return Math.round(loadavg()[0]! * 10) / 10;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { rounds: { type: 'string', default: '7' } },
    });
  } catch (error) {
    throw new Problem((error as Error).message);
  }
}

/** If root runs the bench, gives the bench and all its child processes a higher priority than other work. */
function preferBench(): void {
  try {
    setPriority(-15);
  } catch {
    // Only root may do this. For other users, the priority stays as it is.
  }
}
