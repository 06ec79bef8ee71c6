import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microsoftFields } from './fields.ts';
import { leadsBack } from './return-url.ts';
import { entraStandIn } from './stand-in.ts';

const RETURN_URL = 'https://au.itwocx.com/cxR/Authentication';
const AUTHORIZE = 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize?x=1';

describe('a server that stands in for Microsoft', () => {
  const env = { KEYVIGIL_ENTRA_ORIGIN: 'http://127.0.0.1:4010' };

  it('gets Microsoft’s addresses, and no others', () => {
    const standIn = entraStandIn(false, env);
    expect(standIn(AUTHORIZE)).toBe('http://127.0.0.1:4010/common/oauth2/v2.0/authorize?x=1');
    expect(standIn('https://login.microsoftonline.com.evil/')).toBe(
      'https://login.microsoftonline.com.evil/',
    );
    expect(standIn(RETURN_URL)).toBe(RETURN_URL);
  });

  it('is ignored by a packaged app', () => {
    expect(entraStandIn(true, env)(AUTHORIZE)).toBe(AUTHORIZE);
  });

  it('exists only if the variable names it', () => {
    expect(entraStandIn(false, {})(AUTHORIZE)).toBe(AUTHORIZE);
  });
});

describe('the Return URL', () => {
  it.each([
    [`${RETURN_URL}?code=1&state=2`, true],
    [RETURN_URL, true],
    ['https://au.itwocx.com/CXR/Authentication?code=1', false],
    ['https://au.itwocx.com/cxR/Authentication/?code=1', false],
    ['https://au.itwocx.com/cxR/AuthenticationX?code=1', false],
    ['http://au.itwocx.com/cxR/Authentication?code=1', false],
    ['https://au.itwocx.com:444/cxR/Authentication?code=1', false],
    ['https://evil.example/?to=https://au.itwocx.com/cxR/Authentication', false],
    ['about:blank', false],
    ['', false],
  ])('%s', (address, isBack) => {
    expect(leadsBack(address, RETURN_URL)).toBe(isBack);
  });
});

describe('the fields', () => {
  const problemOf = (id: string, value: string) =>
    microsoftFields(RETURN_URL)
      .find((field) => field.id === id)
      ?.problem?.(value);

  it('accept any GUID', () => {
    fc.assert(
      fc.property(fc.uuid(), (guid) => {
        expect(problemOf('clientId', guid)).toBeUndefined();
        expect(problemOf('tenant', guid.toUpperCase())).toBeUndefined();
      }),
    );
  });

  it.each([
    ['clientId', 'common'],
    ['clientId', '52e5f8a4-8b0e-455f-9df4'],
    ['tenant', 'not a tenant'],
    ['tenant', '../evil'],
    ['returnUrl', 'au.itwocx.com/cxR'],
  ])('say what to do about %s “%s”', (id, value) => {
    expect(problemOf(id, value)).toMatch(/\.$/);
  });

  it.each(['common', 'organizations', 'example.onmicrosoft.com'])(
    'accept “%s” as a tenant',
    (value) => {
      expect(problemOf('tenant', value)).toBeUndefined();
    },
  );
});
