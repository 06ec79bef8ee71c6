import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failed, success } from '../../result.ts';
import { baseUrls, readAddress } from './address.ts';

describe('an address as people type it', () => {
  it.each([
    ['nexus.example.com', 'https://nexus.example.com'],
    ['  nexus.example.com/ ', 'https://nexus.example.com'],
    ['HTTPS://Nexus.Example.com', 'https://nexus.example.com'],
    ['nexus:8443', 'https://nexus:8443'],
    ['localhost:8080/icweb.dll', 'https://localhost:8080/icweb.dll'],
    ['http://10.1.2.3/', 'http://10.1.2.3'],
    ['nexus.example.com/data/icweb.dll/', 'https://nexus.example.com/data/icweb.dll'],
    ['https://nexus.example.com/data/ICWeb.dll', 'https://nexus.example.com/data/ICWeb.dll'],
    ['nexus.example.com/plant/data', 'https://nexus.example.com/plant/data'],
    ['//nexus.example.com', 'https://nexus.example.com'],
  ])('%s', (typed, address) => {
    expect(readAddress(typed)).toEqual(success(address));
  });

  it('drops the call and its hash from a pasted address', () => {
    expect(readAddress('https://nexus.example.com/data/icweb.dll/version?hash=E05D')).toEqual(
      success('https://nexus.example.com/data/icweb.dll'),
    );
  });

  it.each(['', ' ', 'ftp://nexus', 'https://', 'a b', 'https://user:pw@nexus'])(
    'says what to do about “%s”',
    (typed) => {
      expect(readAddress(typed)).toEqual(failed(expect.stringMatching(/\.$/)));
    },
  );

  it('reads its own result without a change', () => {
    const path = fc.constantFrom(
      '',
      '/',
      '/icweb.dll',
      '/data/icweb.dll/',
      '/plant',
      '/a/ICWEB.DLL/x',
    );
    const scheme = fc.constantFrom('', 'https://', 'http://');
    fc.assert(
      fc.property(scheme, fc.domain(), path, (scheme, host, path) => {
        const first = readAddress(scheme + host + path);
        if (!first.ok) throw new Error(first.error);
        expect(readAddress(first.value)).toEqual(first);
      }),
    );
  });
});

describe('the base URLs to try', () => {
  const basesOf = (address: string, base?: string) =>
    baseUrls({ address, learned: base === undefined ? {} : { base } });

  it.each([
    ['https://n', ['https://n/data/icweb.dll', 'https://n/icweb.dll']],
    ['https://n/icweb.dll', ['https://n/icweb.dll']],
    ['https://n/test/data/ICWEB.DLL', ['https://n/test/data/ICWEB.DLL']],
    ['https://n/test', ['https://n/test/data/icweb.dll', 'https://n/test/icweb.dll']],
  ])('%s', (address, bases) => {
    expect(basesOf(address)).toEqual(bases);
  });

  it('begin with the one that worked before', () => {
    expect(basesOf('https://n', 'https://n/icweb.dll')).toEqual([
      'https://n/icweb.dll',
      'https://n/data/icweb.dll',
    ]);
  });

  it.each([
    ['https://n', 'https://n.evil/icweb.dll'],
    ['https://n', 'http://n/icweb.dll'],
    ['https://n/test', 'https://n/data/icweb.dll'],
    ['https://n/test', 'https://n/test2/data/icweb.dll'],
    ['https://n/test/icweb.dll', 'https://n/icweb.dll'],
  ])('of %s ignore %s, which worked before', (address, base) => {
    expect(basesOf(address, base)).toEqual(basesOf(address));
  });

  it('never leave the path that the user typed', () => {
    const segments = fc.array(fc.constantFrom('test', 'data', 'plant', 'icweb.dll'), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(segments, fc.webPath({ size: 'small' }), (segments, remembered) => {
        const read = readAddress(`https://n/${segments.join('/')}`);
        if (!read.ok) throw new Error(read.error);
        for (const base of basesOf(read.value, `https://n${remembered}`)) {
          expect(`${base}/`.startsWith(`${read.value}/`)).toBe(true);
        }
      }),
    );
  });
});
