import { parseArgs } from 'node:util';
import { failed, success, type Result } from '../result.ts';
import { either, nearest } from './find-account.ts';
import { PRINT_FORMATS, type PrintFormat } from './printed-key.ts';

/** A command from a script. */
export type Command =
  | { readonly name: 'open'; readonly account?: string }
  | { readonly name: 'list'; readonly isJson: boolean }
  | {
      readonly name: 'key';
      readonly account: string;
      readonly format: PrintFormat;
      readonly isStaleOk: boolean;
    }
  | { readonly name: 'status'; readonly account: string; readonly waitSeconds: number }
  | { readonly name: 'run' | 'verify' | 'sign-out'; readonly account: string }
  | { readonly name: 'version' };

/** The command's own script in build/command waits one minute longer than this for an answer. */
const MAX_WAIT_SECONDS = 600;

const OPTIONS = {
  format: { type: 'string' },
  'stale-ok': { type: 'boolean' },
  json: { type: 'boolean' },
  wait: { type: 'string' },
  version: { type: 'boolean' },
  /** The command's own script in build/command handles this option: it starts Keyvigil before it sends the command. */
  start: { type: 'boolean' },
} as const;
export type OptionName = keyof typeof OPTIONS;
/** The word after one of these options is its value. */
export const OPTIONS_WITH_VALUE = Object.entries(OPTIONS)
  .filter(([, { type }]) => type === 'string')
  .map(([name]) => `--${name}`);

interface Grammar {
  readonly account: 'none' | 'optional' | 'needed';
  readonly options?: readonly OptionName[];
}

export const GRAMMAR = {
  open: { account: 'optional' },
  list: { account: 'none', options: ['json'] },
  key: { account: 'needed', options: ['format', 'stale-ok'] },
  status: { account: 'needed', options: ['wait'] },
  run: { account: 'needed' },
  verify: { account: 'needed' },
  'sign-out': { account: 'needed' },
} satisfies Record<string, Grammar>;
type CommandName = keyof typeof GRAMMAR;
const COMMAND_NAMES = Object.keys(GRAMMAR) as CommandName[];

const HELP = 'keyvigil --help explains it';

/** Reads the words after `keyvigil`. The error is for the user. */
export function parseCommand(words: readonly string[]): Result<Command, string> {
  const end = words.indexOf('--');
  const isRun = end !== -1 && words.slice(0, end).includes('run');
  // After `--` comes the program that `keyvigil run` starts. Only the command's own script needs it.
  const own = isRun ? words.slice(0, end) : words;
  let parsed;
  try {
    parsed = parseArgs({ args: [...own], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Only the first sentence of Node's error is about the option.
    const [problem] = (error as Error).message.split(/\.\s/);
    return failed(`${problem}; ${HELP}.`);
  }
  const { values, positionals } = parsed;
  if (values.version) return success({ name: 'version' });
  const [name = 'open', account, ...others] = positionals;
  if (!isCommandName(name)) {
    const names = nearest(name, COMMAND_NAMES);
    return failed(`Keyvigil does not know the command "${name}"; did you mean ${either(names)}?`);
  }
  const grammar: Grammar = GRAMMAR[name];
  const known: readonly string[] = ['start', ...(grammar.options ?? [])];
  const foreign = Object.keys(values).find((option) => !known.includes(option));
  if (foreign !== undefined) return failed(`keyvigil ${name} has no --${foreign}; ${HELP}.`);
  const tooMany = grammar.account === 'none' ? account : others[0];
  if (tooMany !== undefined) {
    return failed(`"${tooMany}" is one word too many; put a name with blanks in quotes.`);
  }
  if (name === 'open') return success({ name, ...(account !== undefined && { account }) });
  if (name === 'list') return success({ name, isJson: values.json ?? false });
  if (account === undefined) {
    return failed(`keyvigil ${name} needs the name of an account; keyvigil list shows them.`);
  }
  switch (name) {
    case 'key': {
      const { format = 'plain', 'stale-ok': isStaleOk = false } = values;
      return isPrintFormat(format)
        ? success({ name, account, format, isStaleOk })
        : failed(`--format must be ${either(PRINT_FORMATS)}.`);
    }
    case 'status': {
      const { wait = '0' } = values;
      const waitSeconds = /^\d{1,9}$/.test(wait) ? Number(wait) : Infinity;
      return waitSeconds <= MAX_WAIT_SECONDS
        ? success({ name, account, waitSeconds })
        : failed(`--wait must be a number of seconds, at most ${MAX_WAIT_SECONDS}.`);
    }
    case 'run':
      return isRun
        ? success({ name, account })
        : failed('keyvigil run needs a program: keyvigil run NAME -- COMMAND.');
    case 'verify':
    case 'sign-out':
      return success({ name, account });
  }
}

export const isCommandName = (name: string): name is CommandName => Object.hasOwn(GRAMMAR, name);
const isPrintFormat = (format: string): format is PrintFormat =>
  (PRINT_FORMATS as readonly string[]).includes(format);
