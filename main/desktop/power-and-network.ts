import { networkInterfaces } from 'node:os';
import { net, powerMonitor } from 'electron';
import { SECOND_MS } from '../clock.ts';
import type { Presence } from '../sessions/rest.ts';
import { nameNetwork } from './network-name.ts';

/** Tells `scheduler` when the machine goes to sleep, and when the machine or its user is back. */
export function followSleep(scheduler: { suspend(): void; resume(): void }): void {
  powerMonitor.on('suspend', () => scheduler.suspend());
  powerMonitor.on('resume', () => scheduler.resume());
  powerMonitor.on('unlock-screen', () => scheduler.resume());
}

/** Call this before `followSleep`, so that the listener for *unlock* runs before `scheduler` needs the user's presence. */
export function watchPresence(): () => Presence {
  let isLocked = false;
  // Linux has neither of these events, so only the idle time counts there.
  powerMonitor.on('lock-screen', () => (isLocked = true));
  powerMonitor.on('unlock-screen', () => (isLocked = false));
  // On Wayland, a program does not see the input to other programs, so count the user as present.
  if (process.env['XDG_SESSION_TYPE'] === 'wayland') return () => ({ idleMs: 0, isLocked });
  return () => ({
    idleMs: powerMonitor.getSystemIdleTime() * SECOND_MS,
    // The *unlock* event may get lost, so ask the system too.
    isLocked: isLocked && powerMonitor.getSystemIdleState(1) === 'locked',
  });
}

/** Undefined without a network. */
export function currentNetwork(): string | undefined {
  if (!net.isOnline()) return undefined;
  return nameNetwork(networkInterfaces());
}
