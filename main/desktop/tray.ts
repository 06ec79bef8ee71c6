import type { Menu, MenuItemConstructorOptions, NativeImage, nativeImage, Tray } from 'electron';
import { join } from 'node:path';
import { needsSignIn, stateWords } from '../bridge/state-words.ts';
import type { AccountBrief } from '../bridge/contract.ts';
import { getLocale, m } from '../messages/index.ts';
import { summarise, toolTip, type Summary } from './tray-summary.ts';

export interface TrayActions {
  readonly togglePopup: () => void;
  readonly openPopup: () => void;
  readonly addAccount: () => void;
  readonly copyKey: (id: string) => void;
  readonly signIn: (id: string) => void;
  readonly update: () => void;
  readonly quit: () => void;
}

/** Desktops build long menus slowly, and they do not fit the screen. The popup has all accounts. */
const MAX_IN_MENU = 20;

/** What the tray needs of Electron. */
export interface TrayElectron {
  readonly Tray: typeof Tray;
  readonly Menu: typeof Menu;
  readonly nativeImage: typeof nativeImage;
}

/** Windows wants all sizes in one file; macOS colours the shape itself, light or dark. */
const ICON_SUFFIX: Partial<Record<NodeJS.Platform, string>> = {
  win32: '.ico',
  darwin: 'Template.png',
};

/** The tray icon: its shape shows how the sessions are, a click opens the popup, a right click the menu. */
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

  constructor(iconFolder: string, electron: TrayElectron, platform: NodeJS.Platform) {
    this.#iconFolder = iconFolder;
    this.#electron = electron;
    this.#platform = platform;
    this.#tray = new electron.Tray(this.#icon('idle'));
    this.#tray.setToolTip('Keyvigil');
    this.#tray.on('click', () => this.#actions?.togglePopup());
    // Without this, macOS does not report the second of two quick clicks.
    if (platform === 'darwin') this.#tray.setIgnoreDoubleClickEvents(true);
    // Windows sends `double-click` instead of a second click.
    this.#tray.on('double-click', () => this.#actions?.openPopup());
  }

  /** The icon appears before everything else; it gets its actions later. */
  connect(actions: TrayActions): void {
    this.#actions = actions;
    this.update([]);
  }

  get bounds() {
    return this.#tray.getBounds();
  }

  /** Adds an entry to the menu. */
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
    this.#tray.setToolTip(toolTip(accounts));
    this.#setMenu(accounts);
  }

  #setMenu(accounts: readonly AccountBrief[]): void {
    const more = Math.max(accounts.length - MAX_IN_MENU, 0);
    const items = accounts.slice(0, MAX_IN_MENU).map(({ id, name, state, hasKey }) => ({
      id,
      label: `${name}: ${stateWords(state)}`,
      hasKey,
      canSignIn: needsSignIn(state),
    }));
    // Replacing an open menu closes it. Replace it only if it has changed.
    const newVersion = this.#newVersion;
    const menu = JSON.stringify([items, more, newVersion, getLocale()]);
    if (menu === this.#menu) return;
    this.#menu = menu;
    const template: MenuItemConstructorOptions[] = [
      ...items.map(({ id, label, hasKey, canSignIn }) => ({
        label,
        submenu: [
          {
            label: m.copy_session_key(),
            enabled: hasKey,
            click: () => this.#actions?.copyKey(id),
          },
          ...(canSignIn ? [{ label: m.sign_in(), click: () => this.#actions?.signIn(id) }] : []),
        ],
      })),
      ...(more > 0
        ? [{ label: m.more_accounts({ count: more }), click: () => this.#actions?.openPopup() }]
        : []),
      ...(items.length > 0 ? [{ type: 'separator' as const }] : []),
      // On some Linux desktops, every click opens this menu (electron#37112).
      { label: m.open_keyvigil(), click: () => this.#actions?.openPopup() },
      { label: m.add_account(), click: () => this.#actions?.addAccount() },
      ...(newVersion === undefined
        ? []
        : [
            {
              label: m.update_to_version({ version: newVersion }),
              click: () => this.#actions?.update(),
            },
          ]),
      { label: m.quit(), click: () => this.#actions?.quit() },
    ];
    const built = this.#electron.Menu.buildFromTemplate(template);
    if (this.#platform === 'linux') {
      // Linux trays do not report a right click; they show the menu they have.
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
