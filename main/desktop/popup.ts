import { BrowserWindow, screen } from 'electron';
import { MINUTE_MS, type Clock } from '../clock.ts';
import { SNAPSHOT_CHANNEL, VIEW_CHANNEL } from '../bridge/channels.ts';
import { TRUSTED_ORIGIN } from '../bridge/server.ts';
import type { Snapshot, View } from '../bridge/contract.ts';
import { likelyAnchor, popupPosition, type Rectangle } from './popup-position.ts';

const WIDTH = 360;
const FIRST_HEIGHT = 320;
const MOST_HEIGHT = 600;
/** A closed popup is kept this long, so that the next click finds it painted; after that its memory is given back. */
const KEPT_MS = 5 * MINUTE_MS;
/** A click on the tray icon may take the focus away first, which closes the popup: that same click must not open it again. */
const SAME_CLICK_MS = 250;

/**
 * The popup by the tray icon. Its window is made at the first click, and dropped when it was not used for a while.
 * (electron-menubar was looked at: on Linux it puts its window into a corner instead of by the pointer, and it owns the tray.)
 */
export class Popup {
  readonly #preload: string;
  readonly #clock: Clock;
  readonly #iconBounds: () => Rectangle;
  #window: BrowserWindow | undefined;
  #anchor: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  #height = FIRST_HEIGHT;
  #isAwaited = false;
  #isHeld = false;
  /** Until then, one click on the icon is taken for the one that took the focus away. */
  #sameClickUntil = -Infinity;
  #cancelDrop: () => void = () => {};

  constructor(preload: string, clock: Clock, iconBounds: () => Rectangle) {
    this.#preload = preload;
    this.#clock = clock;
    this.#iconBounds = iconBounds;
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

  /** Where no view is named, it opens as it was left. */
  open(view?: View): void {
    this.#cancelDrop();
    this.#anchor = this.#findAnchor();
    if (this.#window) {
      if (view) this.#window.webContents.send(VIEW_CHANNEL, view);
      if (!this.#isAwaited) this.#show();
    } else {
      this.#create(view);
    }
  }

  close(): void {
    if (!this.isOpen) return;
    this.#window?.hide();
    this.#planDrop();
  }

  /** What is on screen must not be lost: a closed popup is not dropped. */
  hold(hold: boolean): void {
    this.#isHeld = hold;
    this.#planDrop();
  }

  #planDrop(): void {
    this.#cancelDrop();
    if (this.isOpen || this.#isHeld || this.#isAwaited) return;
    this.#cancelDrop = this.#clock.setTimer(KEPT_MS, () => this.#window?.destroy());
  }

  /** Makes room for content of this height, in CSS pixels. */
  fit(height: number): void {
    this.#height = Math.min(Math.ceil(height), MOST_HEIGHT);
    if (this.#isAwaited) this.#show();
    else if (this.#window) this.#place(this.#window);
  }

  /** @param snapshot called only where there is a window to show it */
  send(snapshot: () => Snapshot): void {
    this.#window?.webContents.send(SNAPSHOT_CHANNEL, snapshot());
  }

  #create(view?: View): void {
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
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        spellcheck: false,
      },
    });
    this.#window = window;
    // Shown once its page has said how much room it needs: neither blank nor jumping.
    this.#isAwaited = true;
    window.on('blur', () => {
      // Hiding it takes its focus, too.
      if (!this.isOpen) return;
      this.close();
      this.#sameClickUntil = this.#clock.now() + SAME_CLICK_MS;
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#isHeld = false;
    });
    window.webContents.on('will-navigate', (event) => event.preventDefault());
    window.webContents.on('render-process-gone', () => window.destroy());
    window.webContents.once('did-finish-load', () => {
      if (view) window.webContents.send(VIEW_CHANNEL, view);
    });
    void window.loadURL(`${TRUSTED_ORIGIN}/index.html`);
  }

  #show(): void {
    if (!this.#window) return;
    this.#isAwaited = false;
    this.#place(this.#window);
    this.#window.show();
    this.#window.focus();
  }

  #place(window: BrowserWindow): void {
    const size = { width: WIDTH, height: this.#height };
    const { workArea } = screen.getDisplayMatching(this.#anchor);
    window.setBounds({ ...popupPosition(this.#anchor, size, workArea), ...size });
  }

  /** The tray icon, or where it must be: most Linux desktops do not tell. */
  #findAnchor(): Rectangle {
    const icon = this.#iconBounds();
    if (icon.width > 0) return icon;
    const pointer = screen.getCursorScreenPoint();
    return likelyAnchor(pointer, screen.getDisplayNearestPoint(pointer));
  }
}
