/** A problem that the user can solve. `script` shows its message without a stack. */
export class Problem extends Error {}

/** Writes a line for people to standard error. Standard output is for a script's result. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a script's body. If the body throws a Problem, the script shows its message and ends with status 1. */
export async function script(body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);

/** Shows a transfer's progress: one changing line on a terminal, or else one line for each quarter. */
export function progress(label: string, total: number) {
  const { stderr } = process;
  let quarters = 0;
  if (!stderr.isTTY) say(`${label} (${megabytes(total)} MB)`);
  return {
    update(done: number): void {
      if (stderr.isTTY) stderr.write(`\r${label}: ${megabytes(done)} of ${megabytes(total)} MB`);
      else if (Math.floor((4 * done) / total) > quarters) {
        quarters = Math.floor((4 * done) / total);
        say(`  ${quarters * 25} %`);
      }
    },
    end(): void {
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}
