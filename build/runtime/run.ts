import { spawn, type SpawnOptions } from 'node:child_process';
import type { Readable } from 'node:stream';
import { atExit } from './at-exit.ts';

export interface Outcome {
  /** The exit status: null after a signal or the time limit. As in a shell, 127 means that the command does not exist. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end. Never throws: a failure is in the outcome. */
export function run(
  command: string,
  args: string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'shell' | 'timeout'> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const cancelCleanUp = atExit(() => child.kill());
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => resolve({ status: 127, stdout, stderr: error.message }));
    child.on('close', (status) => {
      cancelCleanUp();
      resolve({ status, stdout, stderr });
    });
  });
}

/** @returns the first line of a stream, or an empty text if the stream is empty */
export async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk as string;
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]?.trim() ?? '';
}
