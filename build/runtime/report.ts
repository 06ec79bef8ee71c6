/** Something that the user can correct: shown as a message without a stack. */
export class Problem extends Error {}

/** Writes for people. Standard output is for a script's result. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Runs a script's body. A Problem ends it with its message and exit status 1. */
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

/** Shows a transfer's progress: one changing line on a terminal, otherwise a line for each quarter. */
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
