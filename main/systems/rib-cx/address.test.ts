import { expect, test } from 'vitest';
import { hostToTrust } from './address.ts';

test.each([
  ['https://au.itwocx.com', undefined],
  ['https://itwocx.com', undefined],
  ['https://cx.example.com', 'cx.example.com'],
  ['https://itwocx.com.example.com', 'itwocx.com.example.com'],
  // Anyone on the network can answer instead of a host without HTTPS.
  ['http://au.itwocx.com', 'au.itwocx.com'],
])('at %s, the user must trust the host %s before it gets a Microsoft token', (address, host) => {
  expect(hostToTrust(address)).toBe(host);
});
