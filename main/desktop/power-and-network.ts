import { networkInterfaces } from 'node:os';
import { net, powerMonitor } from 'electron';
import { nameNetwork } from './network-name.ts';

/** Tells `keepAlive` when the machine goes to sleep, and when the machine or its user is back. */
export function followSleep(keepAlive: { suspend(): void; resume(): void }): void {
  powerMonitor.on('suspend', () => keepAlive.suspend());
  powerMonitor.on('resume', () => keepAlive.resume());
  powerMonitor.on('unlock-screen', () => keepAlive.resume());
}

/** Undefined without a network. */
export function currentNetwork(): string | undefined {
  if (!net.isOnline()) return undefined;
  return nameNetwork(networkInterfaces());
}
