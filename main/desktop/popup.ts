import { BrowserWindow, screen, type WebContents } from 'electron';
import { MINUTE_MS, SECOND_MS, type Clock } from '../clock.ts';
import { SHOW_CHANNEL, SNAPSHOT_CHANNEL } from '../bridge/channels.ts';
import { PAGE_ADDRESS } from './app-protocol.ts';
import type { WantedScreen } from '../bridge/contract.ts';
import { MAX_POPUP_HEIGHT } from '../limits.ts';
import { collectGarbage } from './collect-garbage.ts';
import { popupOptions } from './popup-options.ts';
import { likelyAnchor, popupBounds, type Rectangle } from './popup-position.ts';

const WIDTH = 360;
const FIRST_HEIGHT = 320;
/** A closed popup stays in memory for this long, so that the next click finds it painted. */
const KEEP_MS = 5 * MINUTE_MS;
/** A click on the tray icon may first take the focus, which closes the popup. The same click must not open it again. */
const SAME_CLICK_MS = 250;

/**
 * The popup at the tray icon. Its window is created at the first click, and destroyed after a while without use.
 * (electron-menubar does not fit: on Linux it puts its window into a corner, and it owns the tray.)
 */
export class Popup {
  readonly #preload: string;
  readonly #clock: Clock;
  readonly #iconBounds: () => Rectangle;
  #window: BrowserWindow | undefined;
  #anchor: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  #height = FIRST_HEIGHT;
  /** What the page has not been told yet: while it loads, it does not listen. */
  #wanted: WantedScreen | undefined;
  /** The window waits until its page reports its height. */
  #isLoading = false;
  #isKeptAlive = false;
  /** Until this time, a click on the icon is the same click that closed the popup. */
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

  /** Without `wanted`, the popup opens on the screen that it showed last. */
  open(wanted?: WantedScreen): void {
    this.#cancelDestroy();
    this.#anchor = this.#findAnchor();
    this.#wanted = wanted ?? this.#wanted;
    if (!this.#window) this.#create();
    else if (!this.#isLoading) this.#show();
  }

  /** The app's first window takes 40 ms to create, each later window 4 ms. */
  warmUp(): void {
    if (!this.#window) new BrowserWindow(this.#options).destroy();
  }

  close(): void {
    if (!this.isOpen) return;
    this.#window?.hide();
    this.#destroyLater();
  }

  /** With `keep`, a closed popup stays in memory, with everything that was typed. */
  keepInMemory(keep: boolean): void {
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
    this.#height = Math.min(Math.ceil(height), MAX_POPUP_HEIGHT);
    if (this.#isLoading) this.#show();
    else this.#window?.setBounds(this.#bounds);
  }

  /** @param snapshot called only if there is a window to show it */
  send(snapshot: () => string): void {
    this.#window?.webContents.send(SNAPSHOT_CHANNEL, snapshot());
  }

  #create(): void {
    const window = new BrowserWindow(this.#options);
    this.#window = window;
    this.#isLoading = true;
    window.on('blur', () => {
      // Hiding the window also takes its focus, which causes another `blur`.
      if (!this.isOpen) return;
      this.close();
      this.#sameClickUntil = this.#clock.now() + SAME_CLICK_MS;
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#isKeptAlive = false;
      this.#clock.setTimer(SECOND_MS, collectGarbage);
    });
    window.webContents.on('will-navigate', (event) => event.preventDefault());
    window.webContents.on('render-process-gone', () => window.destroy());
    window.webContents.once('did-finish-load', () => this.#tellWanted());
    void window.loadURL(PAGE_ADDRESS);
  }

  #show(): void {
    if (!this.#window) return;
    this.#isLoading = false;
    this.#tellWanted();
    this.#window.setBounds(this.#bounds);
    this.#window.show();
    this.#window.focus();
  }

  #tellWanted(): void {
    if (this.#wanted) this.contents?.send(SHOW_CHANNEL, this.#wanted);
    this.#wanted = undefined;
  }

  get #options() {
    return popupOptions(process.platform, this.#bounds, this.#preload);
  }

  get #bounds(): Rectangle {
    const size = { width: WIDTH, height: this.#height };
    const { workArea } = screen.getDisplayMatching(this.#anchor);
    return popupBounds(this.#anchor, size, workArea);
  }

  /** The tray icon, or a guess, because most Linux desktops do not tell where the icon is. */
  #findAnchor(): Rectangle {
    const icon = this.#iconBounds();
    if (icon.width > 0) return icon;
    const pointer = screen.getCursorScreenPoint();
    return likelyAnchor(pointer, screen.getDisplayNearestPoint(pointer));
  }
}
