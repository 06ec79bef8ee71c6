/** Runs `npm run simulate`, which shows that sessions stay alive, and prints the figures. */
import { writeFileSync } from 'node:fs';
import { FLEET_COLUMNS, toFleetReport } from './fleet-report.ts';
import { runJob, type AppName } from './jobs.ts';
import { OFFICE, OFFICE_RESTS, toOfficeReport } from './office-report.ts';
import { HELP, parseCommand, type CommandOptions } from './options.ts';
import { Progress } from './progress.ts';
import { toReport } from './report.ts';
import { WORLD_RESTS } from './rest-events.ts';
import type { Result } from './simulate.ts';
import { table } from './table.ts';
import { timelinePage } from './timeline-page.ts';

const MACHINES = 10_000;

const command = parseCommand(process.argv.slice(2), () => Math.floor(Math.random() * 1e6));
switch (command.kind) {
  case 'help':
    process.stdout.write(HELP);
    break;
  case 'invalid':
    process.stderr.write(`${command.message}\nnpm run simulate -- --help prints all options.\n`);
    process.exitCode = 2;
    break;
  case 'run':
    process.exitCode = (await run(command.options)) ? 0 : 1;
}

/** @returns whether every goal is met */
async function run(options: CommandOptions): Promise<boolean> {
  if (options.officeOnly) return runOffices(options);
  const worlds = options.fleetOnly ? Promise.resolve(true) : runWorlds(options);
  const rates = runJob({ kind: 'fleet', machines: MACHINES, seed: options.seeds[0]! });
  const areWorldsFine = await worlds;
  const lines = toFleetReport(await rates);
  console.log(`${MACHINES.toLocaleString('en')} machines with one server, requests per second`);
  console.log(table(FLEET_COLUMNS, lines));
  return areWorldsFine && !lines.some(({ isMissed }) => isMissed);
}

async function runOffices({ days, seeds }: CommandOptions) {
  let isFine = true;
  for (const seed of seeds) {
    const { people, licences } = OFFICE;
    const jobs = OFFICE_RESTS.map(({ rest }) =>
      runJob({ kind: 'office', ...OFFICE, days, seed, rest }),
    );
    const lines = toOfficeReport(await Promise.all(jobs));
    const names = OFFICE_RESTS.map(({ name }) => name);
    console.log(`Seed ${seed}: ${people} people share ${licences} licences for ${days} days`);
    console.log(`${table(names, lines)}\n`);
    isFine &&= !lines.some(({ isMissed }) => isMissed);
  }
  return isFine;
}

async function runWorlds({ accounts, days, seeds, baseline, html, rest }: CommandOptions) {
  const [first, last] = [seeds[0]!, seeds.at(-1)!];
  const seedArgument = first === last ? `${first}` : `${first}..${last}`;
  console.log(
    `${accounts} accounts, ${days} days. To repeat this run: npm run simulate -- --accounts ${accounts} --days ${days} --seed ${seedArgument}${rest ? ` --rest ${rest}` : ''}\n`,
  );
  const apps: readonly AppName[] = baseline ? ['Keyvigil', 'setInterval'] : ['Keyvigil'];
  const progress = new Progress();
  const jobs = seeds.flatMap((seed) =>
    apps.map((app) => {
      const name = `Seed ${seed}, ${app}`;
      const showDay = (day: number) => progress.show(`${name}: day ${day} of ${days}`);
      return {
        app,
        name,
        result: runJob(
          { kind: 'world', app, seed, accounts, days, rest: rest && WORLD_RESTS[rest] },
          showDay,
        ),
      };
    }),
  );
  const results = new Map<AppName, Result[]>(apps.map((app) => [app, []]));
  for (const { app, name, result: promise } of jobs) {
    const result = await promise;
    progress.clear();
    console.log(`${name}: ${summary(result)}`);
    for (const bug of result.bugs.slice(0, 3)) console.error(bug);
    results.get(app)!.push(result);
  }
  const lines = toReport([...results.values()]);
  console.log(`\n${table(apps, lines)}\n`);
  if (html !== undefined) {
    writeFileSync(html, timelinePage(apps, lines, results.get('Keyvigil')!.at(-1)!));
    console.log(`A timeline of every account is in ${html}.\n`);
  }
  return !lines.some(({ isMissed }) => isMissed);
}

function summary({ downtime, requests, minRequests, servers, events }: Result): string {
  const lapses = downtime.firstLapses.slice(0, 5).map(({ account, from, to }) => {
    const seconds = Math.round((to - from) / 1000);
    return `\n    ${account}: lapse of ${seconds} s from ${new Date(from).toISOString()}`;
  });
  const ratio = (requests / minRequests).toFixed(2);
  return `${servers} servers, ${events} events, ${downtime.lapses.count} lapses, ${ratio} times the fewest requests${lapses.join('')}`;
}
