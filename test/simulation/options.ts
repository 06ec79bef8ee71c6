import { parseArgs } from 'node:util';
import type { Rest } from '../../main/sessions/rest.ts';

export interface CommandOptions {
  readonly accounts: number;
  readonly days: number;
  readonly seeds: readonly number[];
  /** The file to which the timelines are written. */
  readonly html?: string;
  /** If true, an app with setInterval runs in the same worlds, to compare. */
  readonly baseline: boolean;
  readonly fleetOnly: boolean;
  readonly officeOnly: boolean;
  /** The times in which no session is needed. */
  readonly rest?: Rest['when'];
}

export type Command =
  | { kind: 'run'; options: CommandOptions }
  | { kind: 'help' }
  | { kind: 'invalid'; message: string };

export const HELP = `Runs Keyvigil's sessions and clients for months of virtual time in minutes, against simulated servers, with every
trouble that a seed can draw. Exits with 0 if every goal is met, else with 1.

  npm run simulate -- [options]

  --accounts N     the number of accounts on the machine (default 50)
  --days N         the number of days that pass (default 30)
  --seed N         the world to draw; 1..5 runs five (default: a new one, which is printed)
  --baseline       run the same worlds with a keep-alive by setInterval too, to compare
  --html FILE      write a page with a timeline of every account, for the last seed
  --rest WHEN      let all sessions rest: away (while nobody uses the computer) or off-hours
  --fleet          run only the fleet: 10,000 machines that wake up within one minute
  --office         run only the office: 40 people who share 25 licences, for all ways to rest
  --help           print this text
`;

const MAX_SEEDS = 1000;

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
        rest: { type: 'string' },
        fleet: { type: 'boolean', default: false },
        office: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    return invalid(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return { kind: 'help' };
  const accounts = wholeNumber(values.accounts, 1, 2000);
  if (accounts === undefined) return invalid('--accounts must be a whole number from 1 to 2000.');
  const days = wholeNumber(values.days, 1, 1000);
  if (days === undefined) return invalid('--days must be a whole number from 1 to 1000.');
  const seeds = values.seed === undefined ? [newSeed()] : readSeeds(values.seed);
  if (!seeds) return invalid('--seed must be a whole number, or a range like 1..5.');
  if (values.html === '') return invalid('--html must name a file.');
  const { html, baseline, fleet, office, rest } = values;
  if (rest !== undefined && rest !== 'away' && rest !== 'off-hours') {
    return invalid('--rest must be away or off-hours.');
  }
  return {
    kind: 'run',
    options: {
      accounts,
      days,
      seeds,
      baseline,
      fleetOnly: fleet,
      officeOnly: office,
      ...(rest !== undefined && { rest }),
      ...(html !== undefined && { html }),
    },
  };
}

function readSeeds(text: string): number[] | undefined {
  const parts = text.split('..');
  const from = wholeNumber(parts[0] ?? '');
  const to = wholeNumber(parts.at(-1) ?? '');
  if (from === undefined || to === undefined || parts.length > 2) return undefined;
  if (to < from || to - from >= MAX_SEEDS) return undefined;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function wholeNumber(text: string, min = 0, max = 2 ** 32 - 1): number | undefined {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  return number >= min && number <= max ? number : undefined;
}

const invalid = (message: string): Command => ({ kind: 'invalid', message });
