import { networkInterfaces } from 'node:os';
import { net, powerMonitor } from 'electron';

/** Tells `keepAlive` when the machine goes to sleep, and when the machine or its user is back. */
export function followSleep(keepAlive: { suspend(): void; resume(): void }): void {
  powerMonitor.on('suspend', () => keepAlive.suspend());
  powerMonitor.on('resume', () => keepAlive.resume());
  powerMonitor.on('unlock-screen', () => keepAlive.resume());
}

/** The addresses of this machine, including a VPN's; undefined without a network. */
export function currentNetwork(): string | undefined {
  if (!net.isOnline()) return undefined;
  return Object.values(networkInterfaces())
    .flatMap((interfaces = []) => interfaces)
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join();
}
