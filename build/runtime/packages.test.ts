import { expect, test } from 'vitest';
import { missingLibraries, packagesFor } from './packages.ts';

const ldd = `
	linux-vdso.so.1 (0x00007ffd0b5f2000)
	libffmpeg.so => /cache/electron/libffmpeg.so (0x00007f1c1c000000)
	libnss3.so => not found
	libsmime3.so => not found
	libgtk-3.so.0 => not found
	libgtk-3.so.0 => not found
	libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f1c1b600000)
	/lib64/ld-linux-x86-64.so.2 (0x00007f1c1d000000)
`;

test('finds each missing library once', () => {
  expect(missingLibraries(ldd)).toEqual(['libnss3.so', 'libsmime3.so', 'libgtk-3.so.0']);
});

test('finds nothing if nothing is missing', () => {
  expect(missingLibraries('\tlibc.so.6 => /lib/libc.so.6 (0x0)\n')).toEqual([]);
  expect(missingLibraries('\tstatically linked\n')).toEqual([]);
});

test('names each package once', () => {
  expect(packagesFor(missingLibraries(ldd))).toEqual({
    packages: ['libnss3', 'libgtk-3-0'],
    unknown: [],
  });
});

test('names the libraries that it knows no package for', () => {
  expect(packagesFor(['libgbm.so.1', 'libnew.so.9'])).toEqual({
    packages: ['libgbm1'],
    unknown: ['libnew.so.9'],
  });
});
