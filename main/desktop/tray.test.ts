import { EventEmitter } from 'node:events';
import { basename } from 'node:path';
import type { Menu, MenuItemConstructorOptions, nativeImage, Tray } from 'electron';
import { describe, expect, it } from 'vitest';
import type { AccountBrief } from '../bridge/contract.ts';
import * as trayWords from './tray-words.ts';
import { TrayIcon, type TrayActions, type TrayElectron } from './tray.ts';

/** A tray with the part of Electron's interface that Keyvigil uses. */
class FakeTray extends EventEmitter implements Used<Tray, 'setImage' | 'setToolTip'> {
  image: unknown;
  menu: unknown;
  ignoresDoubleClicks = false;
  constructor(image: unknown) {
    super();
    this.image = image;
  }
  setImage(image: unknown) {
    this.image = image;
  }
  setToolTip() {}
  setContextMenu(menu: unknown) {
    this.menu = menu;
  }
  popUpContextMenu(menu?: unknown) {
    this.menu = menu;
  }
  setIgnoreDoubleClickEvents(ignore: boolean) {
    this.ignoresDoubleClicks = ignore;
  }
}
type Used<T, K extends keyof T> = Pick<T, K>;

const account: AccountBrief = { id: 'a1', name: 'Plant', state: 'live', hasKey: true };

function shown(platform: NodeJS.Platform) {
  const trays: FakeTray[] = [];
  const electron = {
    Tray: class extends FakeTray {
      constructor(image: unknown) {
        super(image);
        trays.push(this);
      }
    } as unknown as typeof Tray,
    Menu: {
      buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
    } as unknown as typeof Menu,
    nativeImage: {
      createFromPath: (path: string) => basename(path),
    } as unknown as typeof nativeImage,
  } satisfies TrayElectron;
  const done: string[] = [];
  const icon = new TrayIcon('/icons', electron, platform);
  const names = [
    'togglePopup',
    'openPopup',
    'addAccount',
    'copyKey',
    'signIn',
    'update',
    'quit',
  ] as const;
  const actions = Object.fromEntries(names.map((name) => [name, () => done.push(name)]));
  icon.connect(actions as unknown as TrayActions, trayWords);
  const tray = trays[0]!;
  return { icon, tray, done };
}

/** Clicks an entry of the tray's menu. */
function choose(tray: FakeTray, label: string): void {
  const entry = (tray.menu as MenuItemConstructorOptions[]).find((item) => item.label === label);
  (entry!.click as () => void)();
}

describe('the tray icon', () => {
  it.each([
    ['linux', 'tray-live.png'],
    ['win32', 'tray-live.ico'],
    ['darwin', 'tray-liveTemplate.png'],
  ] as const)('has the form that %s wants', (platform, file) => {
    const { icon, tray } = shown(platform);
    icon.update([account]);
    expect(tray.image).toBe(file);
  });

  it('opens the popup at a click', () => {
    const { tray, done } = shown('win32');
    tray.emit('click');
    expect(done).toEqual(['togglePopup']);
  });

  it('leaves the popup open after a double click, which Windows reports instead of the second', () => {
    const { tray, done } = shown('win32');
    tray.emit('click');
    tray.emit('double-click');
    expect(done).toEqual(['togglePopup', 'openPopup']);
  });

  it('counts each of two quick clicks on macOS', () => {
    expect(shown('darwin').tray.ignoresDoubleClicks).toBe(true);
  });

  it.each(['linux', 'win32'] as const)(
    'can open the popup by its menu on %s, where a click may do nothing else',
    (platform) => {
      const { tray, done } = shown(platform);
      tray.emit('right-click');
      choose(tray, 'Open Keyvigil');
      expect(done).toEqual(['openPopup']);
    },
  );

  it('offers to copy and to sign in, each where it is possible', () => {
    const { icon, tray, done } = shown('linux');
    const needed = { ...account, id: 'a2', name: 'Mine', state: 'sign-in-needed' as const };
    icon.update([account, { ...needed, hasKey: false }]);
    const submenus = (tray.menu as { submenu?: MenuItemConstructorOptions[] }[])
      .slice(0, 2)
      .map(({ submenu }) => submenu!);
    expect(submenus.map((items) => items.map(({ label, enabled }) => [label, enabled]))).toEqual([
      [['Copy session key', true]],
      [
        ['Copy session key', false],
        ['Sign in', undefined],
      ],
    ]);
    (submenus[1]![1]!.click as () => void)();
    expect(done).toEqual(['signIn']);
  });

  it('shows the & of a name, which a menu takes for the mark of a key', () => {
    const { icon, tray } = shown('win32');
    icon.update([{ ...account, name: 'R&D plant' }]);
    tray.emit('right-click');
    const [first] = tray.menu as MenuItemConstructorOptions[];
    expect(first!.label).toBe('R&&D plant: Live');
  });

  it('offers a newer version in its menu, and not before', () => {
    const { icon, tray, done } = shown('linux');
    const labels = () => (tray.menu as MenuItemConstructorOptions[]).map(({ label }) => label);
    icon.update([account]);
    expect(labels()).not.toContain('Update to Keyvigil 1.1.0');
    icon.offerUpdate('1.1.0');
    choose(tray, 'Update to Keyvigil 1.1.0');
    expect(done).toEqual(['update']);
    expect(labels()).toContain('Plant: Live');
  });
});
