import { EventEmitter } from 'node:events';
import type { BaseWindow, BaseWindowConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { saveAtLogoff } from './windows-logoff.ts';

function watched(platform: NodeJS.Platform) {
  const windows: FakeWindow[] = [];
  class FakeWindow extends EventEmitter {
    readonly options: BaseWindowConstructorOptions;
    constructor(options: BaseWindowConstructorOptions) {
      super();
      this.options = options;
      windows.push(this);
    }
  }
  const world = { windows, saves: 0 };
  const electron = { BaseWindow: FakeWindow as unknown as typeof BaseWindow };
  saveAtLogoff(electron, platform, () => world.saves++);
  return world;
}

it('saves when Windows shuts down, by a window that nobody sees', () => {
  const world = watched('win32');
  expect(world.windows.map(({ options }) => options)).toEqual([{ show: false }]);
  expect(world.saves).toBe(0);
  world.windows[0]!.emit('session-end');
  expect(world.saves).toBe(1);
});

it.each(['linux', 'darwin'] as const)(
  'needs no window on %s, which quits every app',
  (platform) => {
    expect(watched(platform).windows).toEqual([]);
  },
);
