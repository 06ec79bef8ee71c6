import {
  Menu,
  nativeImage,
  Tray,
  type MenuItemConstructorOptions,
  type NativeImage,
} from 'electron';
import { join } from 'node:path';
import { STATE_WORDS } from '../bridge/state-words.ts';
import type { AccountBrief } from '../bridge/contract.ts';
import { summarise, type Summary } from '../sessions/summary.ts';

export interface TrayActions {
  readonly togglePopup: () => void;
  readonly openPopup: () => void;
  readonly addAccount: () => void;
  readonly copyKey: (id: string) => void;
  readonly quit: () => void;
}

const SUMMARY_WORDS: Readonly<Record<Summary, string>> = {
  idle: 'no session',
  live: 'all sessions live',
  offline: 'a server cannot be reached',
  'needs-you': 'a sign-in is needed',
};

/** A menu of more accounts than this fits no screen, and the desktop takes its time to build it; the popup has them all. */
const MOST_IN_MENU = 20;

/** The icon in the tray: what the sessions are, by its shape; a click for the popup, a right click for a menu. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #iconFolder: string;
  readonly #icons = new Map<Summary, NativeImage>();
  #shown: Summary = 'idle';
  #menu = '';
  #actions: TrayActions | undefined;

  constructor(iconFolder: string) {
    this.#iconFolder = iconFolder;
    this.#tray = new Tray(this.#icon('idle'));
    this.#tray.setToolTip('Keyvigil');
    this.#tray.on('click', () => this.#actions?.togglePopup());
  }

  /** The icon is there before anything else is: what it does comes later. */
  connect(actions: TrayActions): void {
    this.#actions = actions;
    this.update([]);
  }

  get bounds() {
    return this.#tray.getBounds();
  }

  update(accounts: readonly AccountBrief[]): void {
    const summary = summarise(accounts.map(({ state }) => state));
    if (summary !== this.#shown) {
      this.#shown = summary;
      this.#tray.setImage(this.#icon(summary));
    }
    this.#tray.setToolTip(
      accounts.length === 0 ? 'Keyvigil' : `Keyvigil: ${SUMMARY_WORDS[summary]}`,
    );
    this.#setMenu(accounts);
  }

  destroy(): void {
    this.#tray.destroy();
  }

  #setMenu(accounts: readonly AccountBrief[]): void {
    const more = Math.max(accounts.length - MOST_IN_MENU, 0);
    const items = accounts.slice(0, MOST_IN_MENU).map(({ id, name, state, hasKey }) => ({
      id,
      label: `${name}: ${STATE_WORDS[state]}`,
      hasKey,
    }));
    // An open menu closes when it is replaced: only where it would look different.
    const menu = JSON.stringify([items, more]);
    if (menu === this.#menu) return;
    this.#menu = menu;
    const template: MenuItemConstructorOptions[] = [
      ...items.map(({ id, label, hasKey }) => ({
        label,
        submenu: [
          {
            label: 'Copy session key',
            enabled: hasKey,
            click: () => this.#actions?.copyKey(id),
          },
        ],
      })),
      ...(more > 0 ? [{ label: `${more} more…`, click: () => this.#actions?.openPopup() }] : []),
      ...(items.length > 0 ? [{ type: 'separator' as const }] : []),
      { label: 'Add account', click: () => this.#actions?.addAccount() },
      { label: 'Quit', click: () => this.#actions?.quit() },
    ];
    const built = Menu.buildFromTemplate(template);
    if (process.platform === 'linux') {
      // Linux trays tell nobody of a right click; they show the menu they have.
      this.#tray.setContextMenu(built);
    } else {
      this.#tray.removeAllListeners('right-click');
      this.#tray.on('right-click', () => this.#tray.popUpContextMenu(built));
    }
  }

  #icon(summary: Summary): NativeImage {
    const known = this.#icons.get(summary);
    if (known) return known;
    const icon = nativeImage.createFromPath(join(this.#iconFolder, `tray-${summary}.png`));
    this.#icons.set(summary, icon);
    return icon;
  }
}
