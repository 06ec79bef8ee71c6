import { expect, it } from 'vitest';
import { AUTHORITIES } from '../systems/entra/fields.ts';
import { judgeRequest } from './sign-in-request.ts';

const RETURN_URL = 'https://au.itwocx.com/cxR/Authentication';

it.each(Object.values(AUTHORITIES))('a sign-in at %s loads nothing but https', (start) => {
  const verdict = (address: string) => judgeRequest(address, start, RETURN_URL);
  expect(verdict(`${start}/common/oauth2/v2.0/authorize`)).toBe('pass');
  expect(verdict('https://aadcdn.msauth.net/x.js')).toBe('pass');
  for (const address of [
    'http://login.microsoftonline.com/',
    'http://127.0.0.1/',
    'ws://example.com/',
    'ftp://example.com/x',
    'file:///etc/passwd',
    'app://keyvigil/index.html',
    'devtools://devtools/bundled/inspector.html',
    'chrome://settings/',
    'mailto:somebody@example.com',
    'data:text/html,x',
  ]) {
    expect(verdict(address)).toBe('refuse');
  }
});

it('the Return URL ends the sign-in, and is never requested', () => {
  const start = 'https://login.microsoftonline.com/';
  expect(judgeRequest(`${RETURN_URL}?code=x`, start, RETURN_URL)).toBe('finish');
});
