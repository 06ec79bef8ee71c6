import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { atExit } from './runtime/at-exit.ts';
import { ensureCommands } from './runtime/packages.ts';
import { Problem } from './runtime/report.ts';

export interface Size {
  width: number;
  height: number;
}

export interface Display {
  /** As in the environment variable DISPLAY. */
  display: string;
  stop(): void;
}

/** Whether a window can be shown. Electron on Linux crashes where it cannot. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

/** Starts an X server without a screen. It answers when this returns, and ends with this process. */
export async function startXvfb({ width, height }: Size): Promise<Display> {
  const { Xvfb } = await ensureCommands(['Xvfb']);
  // The server picks a free number itself and tells it on descriptor 3 once it answers.
  // Without -noreset it starts over when its first client leaves, and refuses others meanwhile.
  const screen = [
    '-noreset',
    '-displayfd',
    '3',
    '-screen',
    '0',
    `${width}x${height}x24`,
    '-nolisten',
    'tcp',
  ];
  const server = spawn(Xvfb, screen, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const forget = atExit(() => server.kill());
  const stop = () => {
    forget();
    server.kill();
  };
  let said = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const number = await firstLine(server.stdio[3] as Readable);
  if (!number) {
    stop();
    throw new Problem(`Xvfb did not start: ${said.trim()}`);
  }
  return { display: `:${number}`, stop };
}

/** The first line of a stream; empty when it ended without one. */
async function firstLine(stream: Readable): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    text += chunk as string;
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]?.trim() ?? '';
}
