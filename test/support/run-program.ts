import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The path of the command `keyvigil`. */
export const SCRIPT = join(import.meta.dirname, '../../build/command/keyvigil');

export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly script?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly stdin?: string;
  /** The program runs as another user of this computer. Only root may set this. */
  readonly uid?: number;
}

export async function runProgram(
  [command = '', ...args]: readonly string[],
  { env = process.env, stdin = '', uid }: Omit<RunOptions, 'script'> = {},
): Promise<Ran> {
  const identity = uid === undefined ? {} : { uid, gid: uid };
  const child = spawn(command, args, { env, ...identity });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A program that does not read its input may end before the input is written.
  child.stdin.on('error', () => undefined).end(stdin);
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, stdout, stderr };
}
