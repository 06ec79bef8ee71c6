/** What the command answers. Each number is documented in docs/scripts.md, and scripts rely on it. */
export const STATUS = {
  fine: 0,
  usage: 2,
  noSuchAccount: 3,
  signInNeeded: 4,
  offline: 5,
  notTurnedOn: 6,
} as const;
export type Status = (typeof STATUS)[keyof typeof STATUS];

export interface Reply {
  readonly status: Status;
  /** For stdout. */
  readonly output?: string;
  /** For stderr: one sentence that says what to do. */
  readonly error?: string;
  /** What the script puts into the environment of the program that it then runs. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const printed = (output: string): Reply => ({ status: STATUS.fine, output });
export const refused = (status: Status, error: string): Reply => ({ status, error });

/** Which script asks: `sh`, or `cmd` on Windows. */
export type Shell = 'sh' | 'cmd';

/**
 * A reply as the scripts read it: a line with the exit status, or `run`; a line with a colon and the error; and the output.
 * Shells can split lines without starting another program.
 */
export function toText({ status, output, error, environment }: Reply, shell: Shell): string {
  const firstLine = environment ? 'run' : String(status);
  const rest = environment ? assignments(environment, shell) : (output ?? '');
  const secondLine = error === undefined ? ':' : `: ${onOneLine(error)}`;
  return `${firstLine}\n${secondLine}\n${rest}`;
}

/** A server's text may contain control characters, which could change the terminal. */
export const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

/** Lines that set these variables. */
export function assignments(environment: Readonly<Record<string, string>>, shell: Shell): string {
  const lines = Object.entries(environment).map(([name, value]) =>
    shell === 'sh' ? `export ${name}=${quoteForSh(value)}` : `${name}=${value}`,
  );
  return lines.join('\n');
}

/** Unlike `quoteForShell`, always in single quotes: nothing within them means anything to sh. */
export const quoteForSh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
