import type { NetworkInterfaceInfo } from 'node:os';

/**
 * Names the networks of this machine, VPNs included, by the machine's addresses. Leaves out link-local addresses and the second
 * half of IPv6 addresses, because they change while the network stays the same.
 */
export function nameNetwork(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  const names = Object.values(interfaces)
    .flatMap((addresses = []) => addresses)
    .filter(({ internal, address }) => !internal && !/^(fe80:|169[.]254[.])/i.test(address))
    .map(({ family, address }) => (family === 'IPv6' ? prefixOf(address) : address));
  return [...new Set(names)].sort().join();
}

/** The first 64 bits. Zeros at their end may be missing. */
function prefixOf(address: string): string {
  return address.split('::')[0]!.split(':').slice(0, 4).join(':');
}
