import { expect, it } from 'vitest';
import { LICENSE_DIVIDER, readLicenses } from './licenses.ts';

it('reads each package with its licence, also one that has lines of dashes in it', () => {
  const first = `first 1.0.0 (MIT)\n\nThe MIT License\n${'-'.repeat(78)}\n\nCopyright`;
  expect(readLicenses([first, 'second 2.1.0 (ISC)\n\n'].join(LICENSE_DIVIDER))).toEqual([
    { name: 'first 1.0.0 (MIT)', text: `The MIT License\n${'-'.repeat(78)}\n\nCopyright` },
    { name: 'second 2.1.0 (ISC)', text: '' },
  ]);
});
