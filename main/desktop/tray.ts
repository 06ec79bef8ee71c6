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
import { summarise, type Summary } from './tray-summary.ts';

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

/** A longer menu fits no screen, and desktops build it slowly. The popup has all accounts. */
const MAX_IN_MENU = 20;

/** The tray icon: its shape shows how the sessions are, a click opens the popup, a right click the menu. */
export class TrayIcon {
  readonly #tray: Tray;
  readonly #iconFolder: string;
  #shown: Summary = 'idle';
  #menu = '';
  #actions: TrayActions | undefined;

  constructor(iconFolder: string) {
    this.#iconFolder = iconFolder;
    this.#tray = new Tray(this.#icon('idle'));
    this.#tray.setToolTip('Keyvigil');
    this.#tray.on('click', () => this.#actions?.togglePopup());
  }

  /** The icon appears before everything else; it gets its actions later. */
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

  #setMenu(accounts: readonly AccountBrief[]): void {
    const more = Math.max(accounts.length - MAX_IN_MENU, 0);
    const items = accounts.slice(0, MAX_IN_MENU).map(({ id, name, state, hasKey }) => ({
      id,
      label: `${name}: ${STATE_WORDS[state]}`,
      hasKey,
    }));
    // Replacing an open menu closes it, so replace it only if it looks different.
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
      // Linux trays do not report a right click; they show the menu they have.
      this.#tray.setContextMenu(built);
    } else {
      this.#tray.removeAllListeners('right-click');
      this.#tray.on('right-click', () => this.#tray.popUpContextMenu(built));
    }
  }

  #icon(summary: Summary): NativeImage {
    return nativeImage.createFromPath(join(this.#iconFolder, `tray-${summary}.png`));
  }
}
