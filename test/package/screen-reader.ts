import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { DesktopSession } from '../support/desktop-session.ts';

const command = join(import.meta.dirname, 'screen-reader.py');

/**
 * Reads and uses an app by what it tells the desktop. Playwright cannot: the packaged app has its debugging doors closed.
 * Roles and names are those that screen readers speak.
 */
export class ScreenReader {
  readonly #desktop: DesktopSession;
  readonly #app: string;

  constructor(desktop: DesktopSession, app: string) {
    this.#desktop = desktop;
    this.#app = app;
  }

  list(): Promise<string> {
    return this.#run('list');
  }

  async waitFor(role: string, name: string): Promise<void> {
    await expect.poll(() => this.list()).toContain(`${role}\t${name}\n`);
  }

  async press(role: string, name: string): Promise<void> {
    await this.#whenShown('press', role, name);
  }

  /** Types into the field with this label, by the keyboard. */
  async type(label: string, text: string): Promise<void> {
    await this.#whenShown('focus', 'entry', label);
    await this.#desktop.run('xdotool', 'key', 'ctrl+a');
    await this.#desktop.run('xdotool', 'type', '--delay', '20', text);
  }

  async #whenShown(action: string, role: string, name: string): Promise<void> {
    await expect(async () => {
      await this.#run(action, role, name);
    }, `${role} ${name}`).toPass();
  }

  #run(...args: string[]): Promise<string> {
    return this.#desktop.run(command, this.#app, ...args);
  }
}
