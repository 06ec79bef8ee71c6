/** Tests what the real MSAL does with a sign-in that is cancelled before it asks the user. */
import { expect, it } from 'vitest';
import { unlimited } from '../../../test/support/unlimited.ts';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import type { Fetch } from '../system.ts';
import { acquireToken } from './sign-in.ts';

const VALUES = {
  clientId: '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18',
  tenant: 'common',
  returnUrl: 'https://au.itwocx.com/cxR/Authentication',
};
const DEVICE_CODE = {
  device_code: 'device',
  user_code: 'ABCD',
  verification_uri: 'https://microsoft.com/devicelogin',
  expires_in: 900,
  interval: 5,
  message: '',
};

/** Answers requests for a device code as Microsoft does, and lets requests to this computer through. */
const fetchDeviceCode: Fetch = async (url, init) => {
  init.signal?.throwIfAborted();
  return url.includes('127.0.0.1') ? fetch(url, init) : Response.json(DEVICE_CODE);
};

function start(style: string, onAsked: () => void, fetch: Fetch = fetchDeviceCode) {
  const abort = new AbortController();
  const outcome = acquireToken(
    { ...VALUES, style },
    'scope',
    { fetch, limit: unlimited, clock: new VirtualClock(), timeLimitMs: 1000 },
    {
      signal: abort.signal,
      user: {
        openBrowser: async () => onAsked(),
        openWindow: () => {
          onAsked();
          return new Promise<never>(() => {});
        },
        showCode: onAsked,
      },
      replaceSecrets: () => Promise.resolve(),
    },
  );
  return { outcome, cancel: () => abort.abort() };
}

it.each(['browser', 'window', 'device-code'])(
  'a sign-in by %s that is cancelled early ends at once, and asks the user nothing',
  async (style) => {
    let isAsked = false;
    const cancelled = start(style, () => (isAsked = true));
    cancelled.cancel();
    expect(await cancelled.outcome).toMatchObject({ ok: false, error: { kind: 'cancelled' } });

    // A second sign-in starts later and takes the same steps. If the cancel had not worked, the first would ask its user earlier.
    await new Promise<void>((resolve) => {
      const second = start(style, () => {
        resolve();
        second.cancel();
      });
    });
    expect(isAsked).toBe(false);
  },
);

it('a sign-in by browser that is cancelled early also ends MSAL’s server', async () => {
  const [url, { body }] = await new Promise<[string, RequestInit]>((resolve) => {
    const fetchAndTell: Fetch = (...request) => {
      resolve(request);
      return fetch(...request);
    };
    start('browser', () => {}, fetchAndTell).cancel();
  });
  expect(new URL(url).hostname).toBe('127.0.0.1');
  expect(body).toContain('error=cancelled');
});
