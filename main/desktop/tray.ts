import type { Menu, MenuItemConstructorOptions, NativeImage, nativeImage, Tray } from 'electron';
import { join } from 'node:path';
import type { AccountBrief } from '../bridge/contract.ts';
import { summarise, type Summary } from './tray-summary.ts';

export interface TrayActions {
  readonly togglePopup: () => void;
  readonly openPopup: () => void;
  readonly addAccount: () => void;
  readonly copyKey: (id: string) => void;
  readonly signIn: (id: string) => void;
  readonly update: () => void;
  readonly quit: () => void;
}

/** The texts of the tray. They are loaded after the icon is shown. */
export interface TrayWords {
  toolTip(accounts: readonly AccountBrief[]): string;
  menu(
    accounts: readonly AccountBrief[],
    newVersion: string | undefined,
    actions: TrayActions,
  ): readonly MenuItemConstructorOptions[];
}

/** The part of Electron that the tray uses. */
export interface TrayElectron {
  readonly Tray: typeof Tray;
  readonly Menu: typeof Menu;
  readonly nativeImage: typeof nativeImage;
}

/** Windows wants all sizes in one file. macOS colours the shape itself, light or dark. */
const ICON_SUFFIX: Partial<Record<NodeJS.Platform, string>> = {
  win32: '.ico',
  darwin: 'Template.png',
};

/** The tray icon. Its shape shows the state of the sessions. A click opens the popup, a right click opens the menu. */
export class TrayIcon {
  readonly #electron: TrayElectron;
  readonly #platform: NodeJS.Platform;
  readonly #tray: Tray;
  readonly #iconFolder: string;
  #shown: Summary = 'idle';
  #accounts: readonly AccountBrief[] = [];
  #newVersion: string | undefined;
  #menu = '';
  #actions: TrayActions | undefined;
  #words: TrayWords | undefined;

  constructor(iconFolder: string, electron: TrayElectron, platform: NodeJS.Platform) {
    this.#iconFolder = iconFolder;
    this.#electron = electron;
    this.#platform = platform;
    this.#tray = new electron.Tray(this.#icon('idle'));
    this.#tray.setToolTip('Keyvigil');
    this.#tray.on('click', () => this.#actions?.togglePopup());
    // Otherwise macOS does not report the second of two quick clicks.
    if (platform === 'darwin') this.#tray.setIgnoreDoubleClickEvents(true);
    // Windows sends `double-click` instead of a second click.
    this.#tray.on('double-click', () => this.#actions?.openPopup());
  }

  /** Sets the actions and the texts, which are loaded after the icon is shown. */
  connect(actions: TrayActions, words: TrayWords): void {
    this.#actions = actions;
    this.#words = words;
    this.update([]);
  }

  get bounds() {
    return this.#tray.getBounds();
  }

  /** Adds an entry for this version to the menu. */
  offerUpdate(version: string): void {
    this.#newVersion = version;
    this.update(this.#accounts);
  }

  update(accounts: readonly AccountBrief[]): void {
    this.#accounts = accounts;
    const summary = summarise(accounts.map(({ state }) => state));
    if (summary !== this.#shown) {
      this.#shown = summary;
      this.#tray.setImage(this.#icon(summary));
    }
    if (!this.#actions || !this.#words) return;
    this.#tray.setToolTip(this.#words.toolTip(accounts));
    this.#setMenu(this.#words.menu(accounts, this.#newVersion, this.#actions));
  }

  #setMenu(template: readonly MenuItemConstructorOptions[]): void {
    // Replacing an open menu closes it, so replace it only if it looks different.
    const menu = JSON.stringify(template);
    if (menu === this.#menu) return;
    this.#menu = menu;
    const built = this.#electron.Menu.buildFromTemplate([...template]);
    if (this.#platform === 'linux') {
      // Linux trays do not report a right click, but show the menu that was set.
      this.#tray.setContextMenu(built);
    } else {
      this.#tray.removeAllListeners('right-click');
      this.#tray.on('right-click', () => this.#tray.popUpContextMenu(built));
    }
  }

  #icon(summary: Summary): NativeImage {
    const suffix = ICON_SUFFIX[this.#platform] ?? '.png';
    return this.#electron.nativeImage.createFromPath(
      join(this.#iconFolder, `tray-${summary}${suffix}`),
    );
  }
}
