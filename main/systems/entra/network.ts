import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import * as v from 'valibot';
import type { Failure } from '../failure.ts';
import { pageInstead, send } from '../http.ts';
import type { Services } from '../system.ts';
import type { EntraError } from './errors.ts';

const ErrorAnswer = v.object({
  error: v.string(),
  error_description: v.optional(v.string(), ''),
  error_codes: v.optional(v.array(v.number()), []),
});

/**
 * MSAL's requests, through the fetch that was handed in. Notes what went wrong, because MSAL does not tell: it turns a 503 into an
 * empty token, drops the number of most errors, and locks itself after a 429 (all seen with 7.2.1).
 */
export class EntraNetwork implements INetworkModule {
  readonly #services: Services;
  readonly #signal: AbortSignal;
  /** What ended the last request that did not succeed. */
  failure: Failure | undefined;
  error: EntraError | undefined;

  constructor(services: Services, signal: AbortSignal) {
    this.#services = services;
    this.#signal = signal;
  }

  sendGetRequestAsync<T>(
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> {
    return this.#send('GET', url, options);
  }

  sendPostRequestAsync<T>(
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> {
    return this.#send('POST', url, options);
  }

  async #send<T>(
    method: 'GET' | 'POST',
    url: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    const isPoll = /(^|&)grant_type=[^&]*device_code/.test(body ?? '');
    const sent = await send(
      { url, method, headers, ...(body !== undefined && { body }) },
      this.#services,
      this.#signal,
    );
    if (!sent.ok) {
      // MSAL gives up a device code for one lost answer; the next poll may well get through.
      if (isPoll && sent.failure.kind !== 'cancelled') return STILL_PENDING as NetworkResponse<T>;
      throw this.#fail(sent.failure);
    }
    const json = parse(sent.value.body);
    if (json === undefined) throw this.#fail(pageInstead(url));
    const refusal = v.safeParse(ErrorAnswer, json);
    if (refusal.success) {
      const { error, error_description: description, error_codes: codes } = refusal.output;
      if (isPoll && error === 'slow_down') return STILL_PENDING as NetworkResponse<T>;
      this.error = { error, description, codes };
      // MSAL would show a device code that is not there.
      if (url.includes('/devicecode')) throw new Error('Microsoft gave no device code.');
    }
    return { headers: {}, body: json as T, status: sent.value.status };
  }

  #fail(failure: Failure): Error {
    this.failure = failure;
    return new Error(failure.message);
  }
}

const STILL_PENDING: NetworkResponse<unknown> = {
  headers: {},
  status: 400,
  body: { error: 'authorization_pending' },
};

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
