import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { nameNetwork } from './network-name.ts';

const named = (...addresses: string[]) =>
  nameNetwork({
    lo: [info('127.0.0.1', true), info('::1', true)],
    eth0: addresses.map((address) => info(address)),
  });

function info(address: string, internal = false): NetworkInterfaceInfo {
  const common = { address, internal, mac: '', netmask: '', cidr: null };
  return address.includes(':')
    ? { ...common, family: 'IPv6', scopeid: 0 }
    : { ...common, family: 'IPv4' };
}

it('another address is another network, and so is a VPN', () => {
  expect(named('192.168.1.7')).not.toBe(named('10.0.0.7'));
  expect(named('192.168.1.7', '10.8.0.2')).not.toBe(named('192.168.1.7'));
  expect(named('2001:db8:0:1::7')).not.toBe(named('2001:db8:0:2::7'));
});

it.each([
  ['an IPv6 address that rotates', ['192.168.1.7', '2001:db8:0:1:aaaa:1:2:3']],
  ['one more IPv6 address', ['192.168.1.7', '2001:db8:0:1:aaaa::1', '2001:db8:0:1:bbbb::1']],
  ['link-local addresses', ['192.168.1.7', '2001:db8:0:1::9', 'fe80::1', '169.254.3.4']],
])('%s is the same network', (_what, addresses) => {
  expect(named(...addresses)).toBe(named('192.168.1.7', '2001:db8:0:1::7'));
});

it('the order of the addresses does not matter', () => {
  expect(named('10.0.0.7', '192.168.1.7')).toBe(named('192.168.1.7', '10.0.0.7'));
});
