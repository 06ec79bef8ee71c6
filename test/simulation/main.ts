/**
 * `npm run simulate`: the proof that sessions do not die, and a table of it.
 */
import { writeFileSync } from 'node:fs';
import { fleet, type Rush } from './fleet.ts';
import { IntervalKeeper } from './interval-keeper.ts';
import { HELP, parseCommand, type SimulationOptions } from './options.ts';
import { timelinePage } from './page.ts';
import { Progress } from './progress.ts';
import { simulate, type Result, type WorldOptions } from './simulate.ts';
import { table } from './table.ts';
import { judge } from './verdict.ts';

const CLIENTS = 10_000;
const MOST_PEAK_TO_MEAN = 3;

const command = parseCommand(process.argv.slice(2), () => Math.floor(Math.random() * 1e6));
switch (command.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'mistake':
    process.stderr.write(
      `${command.message}\nnpm run simulate -- --help tells what can be said.\n`,
    );
    process.exitCode = 2;
    break;
  case 'run':
    process.exitCode = (await run(command.options)) ? 0 : 1;
}

/** Resolves with whether every goal was met. */
async function run(options: SimulationOptions): Promise<boolean> {
  const worlds = options.fleetOnly || (await runWorlds(options));
  return (await runFleet(options.seeds[0]!)) && worlds;
}

async function runWorlds(options: SimulationOptions): Promise<boolean> {
  const { accounts, days, seeds, baseline, html } = options;
  const [first, last] = [seeds[0]!, seeds.at(-1)!];
  const seedArgument = first === last ? `${first}` : `${first}..${last}`;
  console.log(
    `${accounts} accounts, ${days} days. To repeat it: npm run simulate -- --accounts ${accounts} --days ${days} --seed ${seedArgument}\n`,
  );
  const progress = new Progress();
  const columns = ['Keyvigil', ...(baseline ? ['setInterval'] : [])];
  const subjects: Pick<WorldOptions, 'subject'>[] = [
    {},
    ...(baseline
      ? [
          {
            subject: (parts: ConstructorParameters<typeof IntervalKeeper>[0]) =>
              new IntervalKeeper(parts),
          },
        ]
      : []),
  ];
  const compared: Result[][] = columns.map(() => []);
  for (const seed of seeds) {
    for (const [index, subject] of subjects.entries()) {
      const name = `Seed ${seed}, ${columns[index]!}`;
      const started = performance.now();
      const result = await simulate({
        ...subject,
        seed,
        accounts,
        days,
        onDay: (day) => progress.say(`${name}: day ${day} of ${days}`),
      });
      compared[index]!.push(result);
      progress.end();
      console.log(
        `${name}: ${inShort(result)} (${Math.round((performance.now() - started) / 1000)} s)`,
      );
    }
  }
  const lines = judge(compared);
  console.log(`\n${table(columns, lines)}\n`);
  if (html !== undefined) {
    writeFileSync(html, timelinePage(columns, lines, compared[0]!.at(-1)!));
    console.log(`A timeline of every account is in ${html}.\n`);
  }
  return lines.every(({ isMissed }) => !isMissed);
}

function inShort({
  lapses,
  requests,
  fewestRequests,
  servers,
  happenings,
  faults,
}: Result): string {
  for (const fault of faults.slice(0, 3)) console.error(fault);
  const dead = lapses.first.slice(0, 5).map(({ account, from, to }) => {
    const seconds = Math.round((to - from) / 1000);
    return `\n    ${account} was dead for ${seconds} s from ${new Date(from).toISOString()}`;
  });
  return (
    `${servers} servers, ${happenings} happenings, ${lapses.lapses.count} lapses, ` +
    `${(requests / fewestRequests).toFixed(2)} times the fewest requests${dead.join('')}`
  );
}

async function runFleet(seed: number): Promise<boolean> {
  const rushes = await fleet({ clients: CLIENTS, seed });
  console.log(
    `The fleet: ${CLIENTS.toLocaleString('en')} machines with one server, requests per second`,
  );
  console.log(fleetTable(rushes));
  return rushes[0]!.peakToMean < MOST_PEAK_TO_MEAN;
}

function fleetTable(rushes: readonly Rush[]): string {
  const lines = rushes.map(({ name, peakPerSecond, meanPerSecond, peakToMean }, index) => ({
    measure: name,
    values: [`${peakPerSecond}`, meanPerSecond.toFixed(0), peakToMean.toFixed(2)],
    ...(index === 0 && { goal: `< ${MOST_PEAK_TO_MEAN}` }),
    isMissed: index === 0 && peakToMean >= MOST_PEAK_TO_MEAN,
  }));
  return table(['peak', 'mean', 'peak / mean'], lines);
}
