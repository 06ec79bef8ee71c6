import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PRODUCT_PAGES } from '../product-pages.ts';
import { checkLink } from './link-gate.ts';

const account = { address: 'https://cx.example.com' };

describe('the gate in front of other programs', () => {
  it.each([
    'https://login.microsoftonline.com/common/oauth2/v2.0/authorize?x=1',
    'https://login.microsoftonline.us/',
    'https://microsoft.com/devicelogin',
    'https://au.itwocx.com/api/latest/api/help/index',
  ])('lets %s through, also without an account', (address) => {
    expect(checkLink(address)).toEqual({ ok: true, value: address });
  });

  it.each(Object.values(PRODUCT_PAGES))(
    'lets %s of Keyvigil through, and no other page there',
    (page) => {
      expect(checkLink(page)).toEqual({ ok: true, value: page });
      for (const other of [`${page}/x`, `${page}?x=1`, new URL('/x', page).href]) {
        expect(checkLink(other)).toMatchObject({ error: { kind: 'unconfirmed' } });
      }
    },
  );

  it('lets the account’s own host through', () => {
    const address = 'https://cx.example.com/api/latest/api/help/index';
    expect(checkLink(address, account)).toEqual({ ok: true, value: address });
    expect(checkLink(address)).toMatchObject({ error: { kind: 'unconfirmed' } });
  });

  it.each([
    'file:\\\\host\\share\\x.exe',
    'file:///etc/passwd',
    'ms-msdt:/id PCWDiagnostic',
    'javascript:alert(1)',
    'vbscript:x',
    'smb://host/share',
    'mailto:a@b.example',
    'https:',
    'cx.example.com',
    '',
    'https://user:pw@cx.example.com/',
    'http://cx.example.com/',
  ])('refuses %s', (address) => {
    expect(checkLink(address, { ...account, confirmedHost: 'host' })).toMatchObject({
      error: { kind: 'refused' },
    });
  });

  it('lets http through only for an account whose server has only http', () => {
    const own = { address: 'http://10.1.2.3:8080/data/icweb.dll' };
    expect(checkLink('http://10.1.2.3:8080/data/icweb.dll/version', own).ok).toBe(true);
    expect(checkLink('http://other.example.com/', own).ok).toBe(false);
  });

  it('asks the user about another host, by its name, and then lets that one through', () => {
    const address = 'https://explorer.example.net/x';
    expect(checkLink(address, account)).toEqual({
      ok: false,
      error: { kind: 'unconfirmed', host: 'explorer.example.net' },
    });
    const confirmedHost = 'explorer.example.net';
    expect(checkLink(address, { ...account, confirmedHost }).ok).toBe(true);
    expect(checkLink('https://evil.example.net', { ...account, confirmedHost }).ok).toBe(false);
  });

  it('never lets anything through but a parsed web address of a host that is known or confirmed', () => {
    const text = fc.oneof(fc.string(), fc.webUrl(), fc.webUrl({ withQueryParameters: true }));
    fc.assert(
      fc.property(text, fc.option(fc.domain(), { nil: undefined }), (address, confirmedHost) => {
        const link = checkLink(address, { ...account, confirmedHost });
        if (!link.ok) return;
        const { protocol, host } = new URL(link.value);
        expect(protocol).toBe('https:');
        expect([confirmedHost, 'cx.example.com', 'microsoft.com', 'www.microsoft.com']).toContain(
          host,
        );
      }),
    );
  });
});
