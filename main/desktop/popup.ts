import { BrowserWindow, screen, type WebContents } from 'electron';
import { MINUTE_MS, type Clock } from '../clock.ts';
import { ADD_ACCOUNT_CHANNEL, SNAPSHOT_CHANNEL } from '../bridge/channels.ts';
import { POPUP_PARTITION } from './app-protocol.ts';
import { TRUSTED_ORIGIN } from '../bridge/server.ts';
import type { Snapshot } from '../bridge/contract.ts';
import { likelyAnchor, popupPosition, type Rectangle } from './popup-position.ts';

const WIDTH = 360;
const FIRST_HEIGHT = 320;
const MAX_HEIGHT = 600;
/** A closed popup stays in memory for this long, so that the next click finds it painted. */
const KEEP_MS = 5 * MINUTE_MS;
/** A click on the tray icon may take the focus away first, which closes the popup. The same click must not open it again. */
const SAME_CLICK_MS = 250;

/**
 * The popup by the tray icon. Its window is created at the first click, and destroyed after a while without use.
 * (electron-menubar does not fit: on Linux it puts its window into a corner, and it owns the tray.)
 */
export class Popup {
  readonly #preload: string;
  readonly #clock: Clock;
  readonly #iconBounds: () => Rectangle;
  #window: BrowserWindow | undefined;
  #anchor: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  #height = FIRST_HEIGHT;
  /** The window waits for its page to say how high it is. */
  #isLoading = false;
  #isKeptAlive = false;
  /** Until then, a click on the icon is the one that took the focus away. */
  #sameClickUntil = -Infinity;
  #cancelDestroy: () => void = () => {};

  constructor(preload: string, clock: Clock, iconBounds: () => Rectangle) {
    this.#preload = preload;
    this.#clock = clock;
    this.#iconBounds = iconBounds;
  }

  get contents(): WebContents | undefined {
    return this.#window?.webContents;
  }

  get isOpen(): boolean {
    return this.#window?.isVisible() ?? false;
  }

  toggle(): void {
    const isSameClick = this.#clock.now() < this.#sameClickUntil;
    this.#sameClickUntil = -Infinity;
    if (this.isOpen) this.close();
    else if (!isSameClick) this.open();
  }

  /** Without `addAccount`, the popup opens as it was left. */
  open({ addAccount = false } = {}): void {
    this.#cancelDestroy();
    this.#anchor = this.#findAnchor();
    if (this.#window) {
      if (addAccount) this.#window.webContents.send(ADD_ACCOUNT_CHANNEL);
      if (!this.#isLoading) this.#show();
    } else {
      this.#create(addAccount);
    }
  }

  close(): void {
    if (!this.isOpen) return;
    this.#window?.hide();
    this.#destroyLater();
  }

  /** While `keep`, a closed popup stays in memory with what was typed into it. */
  keepAlive(keep: boolean): void {
    this.#isKeptAlive = keep;
    this.#destroyLater();
  }

  #destroyLater(): void {
    this.#cancelDestroy();
    if (this.isOpen || this.#isKeptAlive || this.#isLoading) return;
    this.#cancelDestroy = this.#clock.setTimer(KEEP_MS, () => this.#window?.destroy());
  }

  /** @param height of the content, in CSS pixels */
  fit(height: number): void {
    this.#height = Math.min(Math.ceil(height), MAX_HEIGHT);
    if (this.#isLoading) this.#show();
    else if (this.#window) this.#place(this.#window);
  }

  /** @param snapshot called only if there is a window to show it */
  send(snapshot: () => Snapshot): void {
    this.#window?.webContents.send(SNAPSHOT_CHANNEL, snapshot());
  }

  #create(addAccount: boolean): void {
    const window = new BrowserWindow({
      width: WIDTH,
      height: this.#height,
      show: false,
      frame: false,
      resizable: false,
      maximizable: false,
      minimizable: false,
      fullscreenable: false,
      skipTaskbar: true,
      alwaysOnTop: true,
      title: 'Keyvigil',
      webPreferences: {
        preload: this.#preload,
        partition: POPUP_PARTITION,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        spellcheck: false,
      },
    });
    this.#window = window;
    this.#isLoading = true;
    window.on('blur', () => {
      // Hiding the window takes its focus too.
      if (!this.isOpen) return;
      this.close();
      this.#sameClickUntil = this.#clock.now() + SAME_CLICK_MS;
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#isKeptAlive = false;
    });
    window.webContents.on('will-navigate', (event) => event.preventDefault());
    window.webContents.on('render-process-gone', () => window.destroy());
    window.webContents.once('did-finish-load', () => {
      if (addAccount) window.webContents.send(ADD_ACCOUNT_CHANNEL);
    });
    void window.loadURL(`${TRUSTED_ORIGIN}/index.html`);
  }

  #show(): void {
    if (!this.#window) return;
    this.#isLoading = false;
    this.#place(this.#window);
    this.#window.show();
    this.#window.focus();
  }

  #place(window: BrowserWindow): void {
    const size = { width: WIDTH, height: this.#height };
    const { workArea } = screen.getDisplayMatching(this.#anchor);
    window.setBounds({ ...popupPosition(this.#anchor, size, workArea), ...size });
  }

  /** The tray icon, or where it must be. Most Linux desktops do not tell. */
  #findAnchor(): Rectangle {
    const icon = this.#iconBounds();
    if (icon.width > 0) return icon;
    const pointer = screen.getCursorScreenPoint();
    return likelyAnchor(pointer, screen.getDisplayNearestPoint(pointer));
  }
}
