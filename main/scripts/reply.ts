/** The exit codes of the command `keyvigil`. docs/scripts.md documents each, and scripts rely on them. */
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
  /** The environment variables for the program that the script then runs. */
  readonly environment?: Readonly<Record<string, string>>;
}

export const printed = (output: string): Reply => ({ status: STATUS.fine, output });
export const refused = (status: Status, error: string): Reply => ({ status, error });

/** Which script sent the command: `sh`, or `cmd` on Windows. */
export type Shell = 'sh' | 'cmd';

/**
 * Writes a reply for the scripts: a line with the exit code, or `run`; a line with a colon and the error; then the output.
 * Shells can split such lines without starting another program.
 */
export function toText({ status, output, error, environment }: Reply, shell: Shell): string {
  const firstLine = environment ? 'run' : String(status);
  const rest = environment ? assignments(environment, shell) : (output ?? '');
  const secondLine = error === undefined ? ':' : `: ${onOneLine(error)}`;
  return `${firstLine}\n${secondLine}\n${rest}`;
}

/** A server's text may contain control characters, which could change the terminal. */
export const onOneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();

/** Lines that set these environment variables. */
export function assignments(environment: Readonly<Record<string, string>>, shell: Shell): string {
  const lines = Object.entries(environment).map(([name, value]) =>
    shell === 'sh' ? `export ${name}=${quoteForSh(value)}` : `${name}=${value}`,
  );
  return lines.join('\n');
}

/** Unlike `quoteForShell`, always uses single quotes, in which no character is special for sh. */
export const quoteForSh = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
