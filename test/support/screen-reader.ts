import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureCommands, screenReaderTools } from '../../build/runtime/packages.ts';

/** One part of what a program offers to screen readers, in AT-SPI's words. */
export interface AccessibleNode {
  readonly role: string;
  readonly name: string;
  readonly description: string;
  /** How a change is announced: `polite`, `assertive`, or `off`. */
  readonly live: string;
  readonly children: readonly AccessibleNode[];
}

interface Announcement {
  readonly announced: string;
  readonly live: string;
}

/** Reads a desktop session from outside, as Orca does. */
export class ScreenReader {
  readonly announcements: Announcement[] = [];
  readonly #python: ChildProcess;
  readonly #answers: ((answer: unknown) => void)[] = [];

  private constructor(python: ChildProcess) {
    this.#python = python;
    createInterface({ input: python.stdout! }).on('line', (line) => {
      const heard = JSON.parse(line) as Announcement | { answer: unknown };
      if ('announced' in heard) this.announcements.push(heard);
      else this.#answers.shift()?.(heard.answer);
    });
  }

  /** Start the reader before the app: the reader turns the desktop's accessibility on, which Chromium looks for at its start. */
  static async start(env: NodeJS.ProcessEnv): Promise<ScreenReader> {
    const { python3 } = await ensureCommands(screenReaderTools);
    const program = join(import.meta.dirname, 'screen-reader.py');
    const python = spawn(python3, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] });
    const reader = new ScreenReader(python);
    await reader.#answer();
    return reader;
  }

  /** @returns everything that the windows on screen offer, as a flat list */
  async nodes(): Promise<readonly AccessibleNode[]> {
    const windows = await this.#ask<readonly AccessibleNode[]>('tree');
    return (windows ?? []).flatMap(withDescendants);
  }

  /** Presses a button of a list item, without pointer and keyboard. */
  async press(item: string, button: string): Promise<boolean> {
    return (await this.#ask<boolean>('press', item, button)) ?? false;
  }

  async stop(): Promise<void> {
    const exited = once(this.#python, 'exit');
    this.#python.stdin!.end();
    await exited;
  }

  async #ask<T>(...command: readonly string[]): Promise<T | null> {
    this.#python.stdin!.write(`${JSON.stringify(command)}\n`);
    return (await this.#answer()) as T | null;
  }

  #answer(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#answers.push(resolve);
      this.#python.once('exit', () => reject(new Error('The screen reader has ended.')));
    });
  }
}

export function withDescendants(node: AccessibleNode): readonly AccessibleNode[] {
  return [node, ...node.children.flatMap(withDescendants)];
}

/** @returns what a screen reader reads aloud of a node's content */
export function textIn(node: AccessibleNode): string {
  const isText = node.role === 'static';
  return isText ? node.name : node.children.map(textIn).join(' ');
}
