import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unlimited } from '../../../test/support/unlimited.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { explain, MESSAGE_OF } from './errors.ts';
import { EntraNetwork } from './network.ts';

const messageOf = (error: string, ...codes: number[]) => explain({ error, codes }).message;

it.each([...MESSAGE_OF.keys()])(
  'AADSTS%i has a message that says what to do, and ends with the number',
  (code) => {
    const message = messageOf('invalid_grant', code);
    expect(message).toMatch(
      new RegExp(
        String.raw`^[A-Z][^.]+\. [A-Z].+[.)] \(AADSTS${code}\)$|^[A-Z].+\. \(AADSTS${code}\)$`,
      ),
    );
    expect(message).toMatch(/sign in|administrator|tenant’s ID|check|choose|type/i);
    expect(message).not.toContain('Microsoft refused the sign-in:');
  },
);

describe('a number that users meet has its own message', () => {
  it.each([
    [50105, 'not assigned to this application. Ask your administrator'],
    [90094, 'an administrator’s consent. Ask an administrator'],
    [50020, 'does not belong to this tenant. Sign in with one that does'],
  ])('AADSTS%i', (code, words) => {
    expect(messageOf('access_denied', code)).toContain(words);
  });
});

it('an unknown number still ends the message', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 10_000_000 }), (error, code) => {
      expect(messageOf(error, code)).toMatch(new RegExp(String.raw` \(AADSTS${code}\)$`));
    }),
  );
});

it('a known number among unknown ones is explained', () => {
  expect(messageOf('invalid_grant', 123, 50105)).toMatch(/not assigned.*\(AADSTS50105\)$/);
});

it('an error is final, unless OAuth calls it temporary', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.nat()), (error, codes) => {
      const isTemporary = ['temporarily_unavailable', 'server_error'].includes(error);
      expect(explain({ error, codes }).kind).toBe(isTemporary ? 'unreachable' : 'refused');
    }),
  );
});

it('the message of a temporary error says so, with its number', () => {
  expect(explain({ error: 'temporarily_unavailable', codes: [90033] })).toMatchObject({
    kind: 'unreachable',
    message: expect.stringMatching(/not available.*\(AADSTS90033\)$/),
  });
});

it('never shows Microsoft’s description, which names the user', async () => {
  const answer = {
    error: 'invalid_grant',
    error_description: 'AADSTS70000: for ada@example.com, Trace ID: 1234',
    error_codes: [70000],
  };
  const network = new EntraNetwork(
    {
      fetch: () => Promise.resolve(Response.json(answer, { status: 400 })),
      limit: unlimited,
      clock: new VirtualClock(),
      timeLimitMs: 1000,
    },
    new AbortController().signal,
  );
  await network.sendPostRequestAsync('https://login.microsoftonline.com/common/oauth2/v2.0/token');
  const { message } = explain(network.error!);
  expect(message).not.toContain('ada@example.com');
  expect(message).toContain('AADSTS70000');
});
