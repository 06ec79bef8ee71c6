import { networkInterfaces } from 'node:os';
import { net, powerMonitor } from 'electron';

/** Tells `keeper` when the machine goes to sleep, and when it, or its user, is back. */
export function followSleep(keeper: { suspend(): void; wake(): void }): void {
  powerMonitor.on('suspend', () => keeper.suspend());
  powerMonitor.on('resume', () => keeper.wake());
  powerMonitor.on('unlock-screen', () => keeper.wake());
}

/** This machine's addresses in its networks, a VPN's among them; undefined without a network. */
export function currentNetwork(): string | undefined {
  if (!net.isOnline()) return undefined;
  const all = Object.values(networkInterfaces()).flatMap((interfaces = []) => interfaces);
  return all
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort()
    .join();
}
