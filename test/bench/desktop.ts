/** Measures start, memory, work and popup of the packaged app on a real panel, in turns with the floor (the smallest tray app). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit } from '../../build/runtime/at-exit.ts';
import { electronRuntime } from '../../build/runtime/index.ts';
import { ensureLibraries } from '../../build/runtime/packages.ts';
import { say } from '../../build/runtime/report.ts';
import { startNexus } from '../e2e/servers.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';
import { packageApps } from './apps.ts';
import { desktopFigures, type Measured } from './desktop-figures.ts';
import type { BenchOptions, Figure } from './figure.ts';
import { HOSTS, makeProfile } from './profiles.ts';
import { Screen, type Region } from './screen.ts';
import { TrayApp, TrayWatch } from './tray-app.ts';

export const ACCOUNTS = [3, 200, 1000] as const;
/** This region lies in the popup, left of the icon's tool tip. It is above the line with the seconds until a key is cleared. */
const REGION: Region = [920, 40, 170, 160];
const SETTLE_MS = 5000;
const CLICKS = 3;
/** The app writes its activity record a minute after the start, so wait until that is over. */
const UNTIL_IDLE_MS = 80_000;
const IDLE_MS = 60_000;

interface Bench {
  readonly desktop: DesktopSession;
  readonly screen: Screen;
  readonly watch: TrayWatch;
  readonly nexus: NexusIc;
  /** Starts the floor, which makes a new window at each click, or keeps one window. */
  readonly startFloor: (popup: 'new' | 'kept') => Promise<TrayApp>;
  readonly startKeyvigil: (accounts: number) => Promise<TrayApp>;
  readonly measured: Measured;
}

export async function benchDesktop({ rounds }: BenchOptions): Promise<readonly Figure[]> {
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-bench-'));
  atExit(() => rmSync(folder, { recursive: true, force: true }));
  const apps = await packageApps(runtime, folder);
  const [desktop, nexus] = await Promise.all([
    startDesktop({ panel: true }),
    startNexus({ journalLimit: 2000 }),
  ]);
  const [watch, screen] = await Promise.all([
    TrayWatch.open(desktop.env),
    Screen.open(desktop.env),
  ]);
  const profile = (accounts: number) => join(folder, `profile-${accounts}`);
  const start = (command: readonly string[], env: NodeJS.ProcessEnv = {}) =>
    TrayApp.start([...command, ...runtime.args], { ...desktop.env, ...env }, watch);
  const measured: Measured = new Map();
  const bench: Bench = {
    desktop,
    screen,
    watch,
    nexus,
    measured,
    startFloor: (popup) => start([apps.floor], { FLOOR_POPUP: popup }),
    startKeyvigil: (accounts) =>
      start([
        apps.keyvigil,
        `--user-data-dir=${profile(accounts)}`,
        '--password-store=gnome-libsecret',
        `--host-resolver-rules=${HOSTS}`,
      ]),
  };
  try {
    for (const accounts of ACCOUNTS) {
      await makeProfile(runtime, desktop, nexus, accounts, profile(accounts));
    }
    for (let round = 0; round <= rounds; round++) {
      say(`Round ${round} of ${rounds}`);
      await runRound(bench, round);
      // Forget the first round: it fills the disk's cache.
      if (round === 0) measured.clear();
    }
    await benchIdle(bench, rounds);
    return desktopFigures(measured, apps.asarBytes);
  } finally {
    screen.close();
    watch.close();
    await Promise.all([desktop.stop(), nexus.stop()]);
  }
}

async function runRound(bench: Bench, round: number): Promise<void> {
  const turns = [
    () => benchFloor(bench, 'new'),
    () => benchKeyvigil(bench, 3),
    () => benchFloor(bench, 'kept'),
    () => benchKeyvigil(bench, 200),
    () => benchKeyvigil(bench, 1000),
  ];
  // Rotate the turns, so that no app always follows the same app.
  for (let turn = 0; turn < turns.length; turn++) await turns[(turn + round) % turns.length]!();
}

function note({ measured }: Bench, name: string, ...values: readonly number[]): void {
  measured.set(name, [...(measured.get(name) ?? []), ...values]);
}

async function benchFloor(bench: Bench, popup: 'new' | 'kept'): Promise<void> {
  const app = await bench.startFloor(popup);
  // Measure only the floor that makes a new window at each click, because it has no window yet.
  if (popup === 'new') note(bench, 'floor: icon', app.iconMs);
  await delay(SETTLE_MS);
  if (popup === 'new') note(bench, 'floor: memory', app.pssMiB);
  const clicks = await clickOpen(bench, app, CLICKS);
  note(bench, `floor: click, ${popup}`, ...(popup === 'new' ? clicks : clicks.slice(1)));
  if (popup === 'new') {
    note(bench, 'floor: first click', clicks[0]!);
    note(bench, 'floor: memory, dropped', app.pssMiB);
  }
  if (popup === 'kept') {
    await openAgain(bench, app);
    note(bench, 'floor: copy', ...(await copies(bench, ['1'])));
    note(bench, 'floor: memory, open', app.pssMiB);
  }
  await app.end();
}

async function benchKeyvigil(bench: Bench, accounts: number): Promise<void> {
  const name = (what: string) => `${accounts}: ${what}`;
  const { nexus } = bench;
  const before = nexus.journal.count('version', 200);
  const started = performance.now();
  const app = await bench.startKeyvigil(accounts);
  note(bench, name('icon'), app.iconMs);
  while (nexus.journal.count('version', 200) < before + accounts) await delay(20);
  note(bench, name('all known'), performance.now() - started);
  await delay(SETTLE_MS);
  note(bench, name('memory, never opened'), app.pssMiB);

  const [first, ...kept] = await clickOpen(bench, app, 1 + CLICKS);
  note(bench, name('first click'), first!);
  note(bench, name('click, kept'), ...kept);
  note(bench, name('memory, closed'), app.pssMiB);
  await openAgain(bench, app);
  note(bench, name('memory, open'), app.pssMiB);
  note(bench, name('copy'), ...(await copies(bench, ['Control_L', '1'])));
  for (let time = 0; time < CLICKS; time++) {
    await app.dropPopup();
    await delay(1500);
    if (time === 0) note(bench, name('memory, dropped'), app.pssMiB);
    note(bench, name('click, dropped'), ...(await clickOpen(bench, app, 1)));
  }
  await app.end();
}

/**
 * Opens the popup this many times, and closes it each time.
 * @returns the milliseconds until the popup was painted, for each time
 */
async function clickOpen({ desktop, screen }: Bench, app: TrayApp, times: number) {
  const icon = await app.findIcon(desktop);
  const painted: number[] = [];
  for (let time = 0; time < times; time++) {
    painted.push(await screen.click(icon, REGION));
    await delay(300);
    await screen.click(icon, REGION);
    await delay(700);
  }
  return painted;
}

async function openAgain({ desktop, screen }: Bench, app: TrayApp): Promise<void> {
  await screen.click(await app.findIcon(desktop), REGION);
  await delay(1000);
}

async function copies({ screen }: Bench, keys: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let time = 0; time < CLICKS; time++) {
    times.push(await screen.copyBy(keys));
    await delay(500);
  }
  return times;
}

async function benchIdle(bench: Bench, rounds: number): Promise<void> {
  say('Idle minutes');
  const [keyvigil, floor] = [await bench.startKeyvigil(200), await bench.startFloor('new')];
  await delay(UNTIL_IDLE_MS);
  for (let round = 0; round < rounds; round++) {
    const before = [keyvigil.work, floor.work];
    await delay(IDLE_MS);
    for (const [at, name] of ['200', 'floor'].entries()) {
      const after = [keyvigil, floor][at]!.work;
      note(bench, `${name}: idle CPU`, after.cpuMs - before[at]!.cpuMs);
      note(bench, `${name}: idle wake-ups`, after.wakeUps - before[at]!.wakeUps);
    }
  }
  await Promise.all([keyvigil.end(), floor.end()]);
}
