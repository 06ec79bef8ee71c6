import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureCommands } from '../../build/runtime/packages.ts';
import type { Point } from '../support/panel.ts';

export type Region = readonly [left: number, top: number, width: number, height: number];

interface ScreenAnswer {
  readonly painted?: number;
  readonly copied?: number;
}

/** Clicks and looks at the screen through `screen.py`, which talks to the X server directly. */
export class Screen {
  readonly #program;
  readonly #answers: AsyncIterator<string>;

  private constructor(python: string, env: NodeJS.ProcessEnv) {
    this.#program = spawn(python, [join(import.meta.dirname, 'screen.py')], {
      env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#answers = createInterface(this.#program.stdout)[Symbol.asyncIterator]();
  }

  static async open(env: NodeJS.ProcessEnv): Promise<Screen> {
    const tools = await ensureCommands(['python-xlib', 'bench-python']);
    return new Screen(tools['bench-python'], env);
  }

  /** @returns the milliseconds until the region changed for the last time */
  async click({ x, y }: Point, region: Region): Promise<number> {
    return (await this.#ask({ do: 'click', x, y, region })).painted!;
  }

  /**
   * Presses keys together.
   * @returns the milliseconds until something was copied
   */
  async copyBy(keys: readonly string[]): Promise<number> {
    return (await this.#ask({ do: 'keys', keys })).copied!;
  }

  async point({ x, y }: Point): Promise<void> {
    await this.#ask({ do: 'point', x, y });
  }

  close(): void {
    this.#program.stdin.end();
  }

  async #ask(command: object): Promise<ScreenAnswer> {
    this.#program.stdin.write(`${JSON.stringify(command)}\n`);
    const { value } = (await this.#answers.next()) as { value?: string };
    const answer = JSON.parse(value ?? '{"error": "screen.py ended."}') as ScreenAnswer & {
      readonly error?: string;
    };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer;
  }
}
