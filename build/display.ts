import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { atExit } from './runtime/at-exit.ts';
import { ensureCommands } from './runtime/packages.ts';
import { Problem } from './runtime/report.ts';
import { firstLine } from './runtime/run.ts';

export interface Size {
  width: number;
  height: number;
}

export interface Display {
  /** The value for the environment variable DISPLAY. */
  display: string;
  stop(): void;
}

/** On Linux, Electron crashes without a display. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** Starts an X server in memory, which ends with this process. */
export async function startXvfb({ width, height }: Size): Promise<Display> {
  const { Xvfb } = await ensureCommands(['Xvfb']);
  const screen = ['-screen', '0', `${width}x${height}x24`];
  // Xvfb chooses a free display number, and writes it to file descriptor 3 when it is ready.
  const number = ['-displayfd', '3'];
  // Without -noreset, Xvfb restarts when its last client leaves, and refuses new clients until it is ready again.
  const options = [...screen, ...number, '-noreset', '-nolisten', 'tcp'];
  const server = spawn(Xvfb, options, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const cancelCleanUp = atExit(() => server.kill());
  const stop = () => {
    cancelCleanUp();
    server.kill();
  };
  let errors = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const display = await firstLine(server.stdio[3] as Readable);
  if (display === '') {
    stop();
    throw new Problem(`Xvfb did not start: ${errors.trim()}`);
  }
  return { display: `:${display}`, stop };
}
