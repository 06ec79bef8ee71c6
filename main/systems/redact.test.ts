import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redact } from './redact.ts';

const hash = fc.stringMatching(/^[0-9A-F]{100}$/);

it('removes a secret that is in use, in whatever form it is written', () => {
  const secret = 'p"ä & #1';
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ x: secret }).toString().slice(2),
    JSON.stringify(secret),
    Buffer.from(secret).toString('base64'),
  ];
  const clean = redact(`It failed: ${forms.join(' ')}.`, [secret]);
  expect(clean).toBe('It failed: ••• ••• ••• "•••" •••.');
});

it('does not remove short secrets, which also occur in words', () => {
  expect(redact('a bad day', ['a', 'ad'])).toBe('a bad day');
});

it('removes a hash from any address', () => {
  fc.assert(
    fc.property(hash, fc.constantFrom('?hash=', '&hash=', '{"hash": "', 'Hash='), (key, before) => {
      expect(redact(`GET https://n/icweb.dll/version${before}${key} failed`)).not.toContain(key);
    }),
  );
});

it.each([
  ['Authorization: BASIC YWRtaW46cGFzc3dvcmQ=', 'YWRtaW46cGFzc3dvcmQ='],
  ['Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiI1MmU1ZjhhNCJ9.c2ln', 'eyJ0eXAi'],
  ['{"Password": "hunter2"}', 'hunter2'],
  ['{"EncryptedPassword":"q1w2e3"}', 'q1w2e3'],
  ['https://login/?code=0.AXoA&state=abc', '0.AXoA'],
  ['{"password": "secret pässword"}', 'pässword'],
  ['"password":"pa,ss;wo&rd"', 'ss;wo'],
  ['emailToken=abc-1', 'abc-1'],
  ['client_secret=abc-1', 'abc-1'],
  ['https://n/?next=hash%3DAB12', 'AB12'],
  ['E05DEB57605BA82CD1A0C130B38C7BC1415BA094', 'E05DEB57605BA82C'],
  ['pwd=hunter2', 'hunter2'],
  ['Server=db;Pwd=hunter2;', 'hunter2'],
  ['pass=hunter2', 'hunter2'],
  ['encryptedPassword=q1w2e3', 'q1w2e3'],
  ['{"EncryptedPassword": "q1w2e3"}', 'q1w2e3'],
  ['?api_key=abc-1&take=1', 'abc-1'],
  ['key: abc-1', 'abc-1'],
  ["{ key: 'abc-1', accept: '*/*' }", 'abc-1'],
  ['Bearer: abc-1', 'abc-1'],
  ['Cookie: session=abc-1', 'abc-1'],
  ['{"body":"{\\"Password\\":\\"hunter2\\"}"}', 'hunter2'],
  ['https://ada:hunter2@nexus.example.com/x failed', 'hunter2'],
  ['https://ada:p@ss:hunter2@nexus.example.com', 'hunter2'],
  ['{"url":"https:\\/\\/ada:hunter2@nexus.example.com"}', 'hunter2'],
])('%s', (text, secret) => {
  expect(redact(text)).not.toContain(secret);
});

it('leaves plain words alone', () => {
  const text =
    'https://nexus.example.com could not be reached for ada@example.com: the connection was refused.';
  expect(redact(text)).toBe(text);
});

it('takes no time over a long text', () => {
  const started = performance.now();
  for (const part of ['a', '://', '://a']) redact(part.repeat(160_000));
  expect(performance.now() - started).toBeLessThan(1000);
});
