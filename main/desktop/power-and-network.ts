import { networkInterfaces } from 'node:os';
import { net, powerMonitor } from 'electron';
import { SECOND_MS } from '../clock.ts';
import type { Presence } from '../sessions/rest.ts';
import { nameNetwork } from './network-name.ts';

/** Tells `keepAlive` when the machine goes to sleep, and when the machine or its user is back. */
export function followSleep(keepAlive: { suspend(): void; resume(): void }): void {
  powerMonitor.on('suspend', () => keepAlive.suspend());
  powerMonitor.on('resume', () => keepAlive.resume());
  powerMonitor.on('unlock-screen', () => keepAlive.resume());
}

/** To be called before `followSleep`: what unlocks the screen must be known when `keepAlive` asks. */
export function watchPresence(): () => Presence {
  let isLocked = false;
  // Linux tells of neither: there, only idleness counts.
  powerMonitor.on('lock-screen', () => (isLocked = true));
  powerMonitor.on('unlock-screen', () => (isLocked = false));
  // Wayland tells of no input to other windows: there, the user counts as present.
  if (process.env['XDG_SESSION_TYPE'] === 'wayland') return () => ({ idleMs: 0, isLocked });
  return () => ({
    idleMs: powerMonitor.getSystemIdleTime() * SECOND_MS,
    // An event may get lost.
    isLocked: isLocked && powerMonitor.getSystemIdleState(1) === 'locked',
  });
}

/** Undefined without a network. */
export function currentNetwork(): string | undefined {
  if (!net.isOnline()) return undefined;
  return nameNetwork(networkInterfaces());
}
