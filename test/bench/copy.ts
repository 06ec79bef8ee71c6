/** Measures the time from a click until the key is on the clipboard. There are a thousand accounts, and each click is on another. */
import { setTimeout as delay } from 'node:timers/promises';
import { build } from '../../build/bundle.ts';
import { electronRuntime } from '../../build/runtime/index.ts';
import { demoTools, ensureCommands, ensureLibraries } from '../../build/runtime/packages.ts';
import { until } from '../../build/session-bus.ts';
import { Keyvigil } from '../e2e/keyvigil.ts';
import { PLANTS, storeAccounts } from '../e2e/many-accounts.ts';
import type { Popup } from '../e2e/popup.ts';
import { startNexus } from '../e2e/servers.ts';
import { startDesktop } from '../support/desktop-session.ts';
import { percentile, type Figure } from './figure.ts';

const ACCOUNTS = 1000;
const SERVERS = 50;
const COPIES = 100;
const MAX_MS = 10;
/** After this time, no key counts as just verified, so the app checks each key that it copied. */
const STALE_MS = 31_000;
/** The time between pointing at a button and pressing it, in which the popup draws the rows that came into sight. */
const AIM_MS = 300;
/** A person holds the mouse button down about this long. The copy begins when it is released. */
const HOLD_MS = 80;

/** Times of a click in milliseconds since 1970. The clocks of the app's processes agree to less than a millisecond. */
interface Click {
  /** The mouse button is released. */
  readonly clicked: number;
  /** The popup's code begins, and sends the request. */
  readonly handled: number;
  /** The popup says that the key is copied. */
  told?: number;
}

declare global {
  /** In the popup: the last click. */
  var lastClick: Click | undefined;
  /** In the main process: when each copied text was on the clipboard. */
  var copiedAt: number[];
}

export async function benchCopy(): Promise<readonly Figure[]> {
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  await ensureCommands(demoTools);
  await build();
  const [desktop, nexus] = await Promise.all([startDesktop(), startNexus({ journalLimit: 2000 })]);
  const keyvigil = new Keyvigil(runtime, desktop.env);
  try {
    await storeAccounts(keyvigil, nexus, { accounts: ACCOUNTS, servers: SERVERS });
    await keyvigil.launch(PLANTS);
    await until('all sessions', async () => nexus.journal.count('version', 200) >= ACCOUNTS);
    const popup = await keyvigil.popup();
    await until('all rows', async () => (await popup.accounts.count()) === ACCOUNTS);
    await delay(STALE_MS);
    await Promise.all([watchClipboard(keyvigil), watchClicks(popup)]);
    const clicks: Click[] = [];
    for (let copy = 0; copy < COPIES; copy++) {
      clicks.push(await clickCopy(popup, `account-${(copy * ACCOUNTS) / COPIES}`));
    }
    const copiedAt = await keyvigil.app.evaluate(() => globalThis.copiedAt);
    if (copiedAt.length !== COPIES) throw new Error(`${copiedAt.length} keys were copied.`);
    const since = (start: 'clicked' | 'handled') =>
      clicks.map((click, copy) => copiedAt[copy]! - click[start]);
    return [
      ...figures('1,000 accounts: click to key on the clipboard', since('clicked')),
      ...figures('1,000 accounts: request to key on the clipboard', since('handled')),
    ];
  } finally {
    await keyvigil.end();
    keyvigil.removeFiles();
    await Promise.all([desktop.stop(), nexus.stop()]);
  }
}

function figures(name: string, values: readonly number[]): readonly Figure[] {
  const [median, high] = [percentile(values, 0.5), percentile(values, 0.95)];
  return [
    { name: `${name}, median`, value: median, unit: 'ms' },
    { name: `${name}, 95th percentile`, value: high, unit: 'ms', limit: { max: MAX_MS } },
  ];
}

function watchClipboard({ app }: Keyvigil): Promise<void> {
  return app.evaluate(({ clipboard }) => {
    globalThis.copiedAt = [];
    const watch = <A extends unknown[], R>(write: (...args: A) => R) =>
      function (...args: A): R {
        const writing = write.apply(clipboard, args);
        // The older Electron has written when the call returns, the current one when its promise resolves.
        void Promise.resolve(writing).then(() =>
          globalThis.copiedAt.push(performance.timeOrigin + performance.now()),
        );
        return writing;
      };
    clipboard.writeText = watch(clipboard.writeText);
    clipboard.write = watch(clipboard.write);
  });
}

function watchClicks({ page }: Popup): Promise<void> {
  return page.evaluate(() => {
    const now = () => performance.timeOrigin + performance.now();
    const note = ({ timeStamp }: Event) => {
      globalThis.lastClick = { clicked: performance.timeOrigin + timeStamp, handled: now() };
    };
    addEventListener('click', note, { capture: true });
    const status = document.querySelector('[role=status]')!;
    new MutationObserver(() => {
      if (globalThis.lastClick) globalThis.lastClick.told ??= now();
    }).observe(status, { childList: true, characterData: true, subtree: true });
  });
}

/** Finds the button without Playwright, which would keep a popup of a thousand rows busy for longer than a copy takes. */
async function clickCopy({ page }: Popup, id: string): Promise<Click> {
  const [x, y] = await page.evaluate((id) => {
    globalThis.lastClick = undefined;
    const button = document.querySelector(`[data-account="${id}"] .actions > button`)!;
    button.scrollIntoView({ block: 'center' });
    const { left, top, width, height } = button.getBoundingClientRect();
    return [left + width / 2, top + height / 2] as const;
  }, id);
  await page.mouse.move(x, y);
  await delay(AIM_MS);
  await page.mouse.down();
  await delay(HOLD_MS);
  await page.mouse.up();
  await page.waitForFunction(() => globalThis.lastClick?.told !== undefined);
  return page.evaluate(() => globalThis.lastClick!);
}
