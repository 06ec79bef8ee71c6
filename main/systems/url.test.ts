import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUrl } from './url.ts';

describe('an address as people type it', () => {
  it.each([
    ['nexus.example.com', 'https://nexus.example.com/'],
    ['nexus.example.com:8080/data', 'https://nexus.example.com:8080/data'],
    ['http://10.1.2.3:8080/', 'http://10.1.2.3:8080/'],
    ['  HTTPS://Nexus.Example.com ', 'https://nexus.example.com/'],
    ['//nexus.example.com', 'https://nexus.example.com/'],
    ['localhost:7431', 'https://localhost:7431/'],
    ['[::1]:8080', 'https://[::1]:8080/'],
  ])('%s is %s', (typed, address) => {
    expect(readUrl(typed)).toMatchObject({ value: { href: address } });
  });

  it.each([
    'file:\\\\host\\share\\x.exe',
    'file:///etc/passwd',
    'ms-msdt:/id PCWDiagnostic',
    'javascript:alert(1)',
    'data:text/html,x',
    'smb://host/share',
    'mailto:a@b.example',
    'https:/host',
    'http:/host',
    'https:host',
    'https:///host',
    'https:\\\\host',
    'nexus.example.com:99999x',
    'nexus example.com',
    '\\\\host\\share',
    '',
  ])('%s is refused', (typed) => {
    expect(readUrl(typed)).toMatchObject({ ok: false, error: expect.any(String) });
  });

  it('is never read as a host that is named like a scheme, whatever was typed', () => {
    fc.assert(
      fc.property(fc.constantFrom('http', 'https', 'file', 'ftp'), fc.string(), (scheme, rest) => {
        const url = readUrl(`${scheme}:${rest}`);
        if (url.ok && !/^\d/.test(rest)) expect(url.value.hostname).not.toBe(scheme);
      }),
    );
  });

  it('is only ever http or https, without credentials', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (typed) => {
        const url = readUrl(typed);
        if (!url.ok) return;
        expect(['http:', 'https:']).toContain(url.value.protocol);
        expect(url.value.username + url.value.password).toBe('');
      }),
    );
  });
});
