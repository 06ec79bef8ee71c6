import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
    expect(readAddress(typed)).toEqual({ ok: true, address });
  });

  it('loses a pasted call, and the hash in it', () => {
    expect(readAddress('https://nexus.example.com/data/icweb.dll/version?hash=E05D')).toEqual({
      ok: true,
      address: 'https://nexus.example.com/data/icweb.dll',
    });
  });

  it.each(['', ' ', 'ftp://nexus', 'https://', 'a b', 'https://user:pw@nexus'])(
    'says what to do about “%s”',
    (typed) => {
      expect(readAddress(typed)).toMatchObject({
        ok: false,
        problem: expect.stringMatching(/\.$/),
      });
    },
  );

  it('is read the same when it is read again', () => {
    const host = fc.domain();
    const path = fc.constantFrom(
      '',
      '/',
      '/icweb.dll',
      '/data/icweb.dll/',
      '/plant',
      '/a/ICWEB.DLL/x',
    );
    fc.assert(
      fc.property(host, path, fc.constantFrom('', 'https://', 'http://'), (name, rest, scheme) => {
        const first = readAddress(scheme + name + rest);
        if (!first.ok) throw new Error(first.problem);
        expect(readAddress(first.address)).toEqual(first);
      }),
    );
  });
});

describe('where the API may live', () => {
  it.each([
    ['https://n', ['https://n/data/icweb.dll', 'https://n/icweb.dll']],
    ['https://n/icweb.dll', ['https://n/icweb.dll', 'https://n/data/icweb.dll']],
    [
      'https://n/plant',
      ['https://n/plant/icweb.dll', 'https://n/data/icweb.dll', 'https://n/icweb.dll'],
    ],
  ])('%s', (address, bases) => {
    expect(baseUrls(address)).toEqual(bases);
  });

  it('begins where it was found before, unless that was another server', () => {
    expect(baseUrls('https://n', 'https://n/icweb.dll')[0]).toBe('https://n/icweb.dll');
    expect(baseUrls('https://n', 'https://n.evil/icweb.dll')).not.toContain(
      'https://n.evil/icweb.dll',
    );
  });
});
