import { parseArgs } from 'node:util';

export interface SimulationOptions {
  readonly accounts: number;
  readonly days: number;
  readonly seeds: readonly number[];
  /** Where the page with the timelines goes. */
  readonly html?: string;
  /** The same with a keep-alive by a plain interval, beside it. */
  readonly baseline: boolean;
  /** Only the fleet. */
  readonly fleetOnly: boolean;
}

export type Command =
  | { kind: 'run'; options: SimulationOptions }
  | { kind: 'help' }
  | { kind: 'mistake'; message: string };

export const HELP = `Months of Keyvigil in minutes: the real keeper and the real clients on a virtual clock, with simulated servers,
and with every trouble that a seed can draw. Exits with 0 where every goal is met, else with 1.

  npm run simulate -- [options]

  --accounts N     how many accounts the machine has (default 50)
  --days N         how many days pass (default 30)
  --seed N         which world is drawn; 1..5 runs five (default: a new one, printed so that it can be repeated)
  --baseline       the same worlds with a keep-alive by setInterval, to compare
  --html FILE      a page with a timeline of every account, of the last seed
  --fleet          only the fleet: 10,000 machines that resume in one minute
  --help           this text
`;

const MOST_SEEDS = 1000;

export function parseCommand(args: readonly string[], newSeed: () => number): Command {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        accounts: { type: 'string', default: '50' },
        days: { type: 'string', default: '30' },
        seed: { type: 'string' },
        html: { type: 'string' },
        baseline: { type: 'boolean', default: false },
        fleet: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return mistake(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return { kind: 'help' };
  const accounts = wholeNumber(values.accounts, 1, 2000);
  if (accounts === undefined) return mistake('--accounts must be a whole number from 1 to 2000.');
  const days = wholeNumber(values.days, 1, 1000);
  if (days === undefined) return mistake('--days must be a whole number from 1 to 1000.');
  const seeds = values.seed === undefined ? [newSeed()] : readSeeds(values.seed);
  if (!seeds) return mistake('--seed must be a whole number, or a range like 1..5.');
  if (values.html === '') return mistake('--html must name a file.');
  const { html, baseline, fleet } = values;
  return {
    kind: 'run',
    options: {
      accounts,
      days,
      seeds,
      baseline,
      fleetOnly: fleet,
      ...(html !== undefined && { html }),
    },
  };
}

function readSeeds(text: string): number[] | undefined {
  const parts = text.split('..');
  const from = wholeNumber(parts[0] ?? '');
  const to = wholeNumber(parts.at(-1) ?? '');
  if (from === undefined || to === undefined || parts.length > 2) return undefined;
  if (to < from || to - from >= MOST_SEEDS) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function wholeNumber(text: string, least = 0, most = 2 ** 32 - 1): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}

const mistake = (message: string): Command => ({ kind: 'mistake', message });
