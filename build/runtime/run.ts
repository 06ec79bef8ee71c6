import { spawn, type SpawnOptions } from 'node:child_process';
import { atExit } from './at-exit.ts';

export interface Outcome {
  /** null when a signal or the time limit ended it; 127 when there is no such command, as in a shell. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end and gives what it said. It never throws. */
export function run(
  command: string,
  args: string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'timeout'> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const forget = atExit(() => child.kill());
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ status: 127, stdout, stderr: error.message }));
    child.on('close', (status) => {
      forget();
      resolve({ status, stdout, stderr });
    });
  });
}
