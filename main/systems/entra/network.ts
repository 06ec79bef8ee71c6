import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node';
import * as v from 'valibot';
import type { Failure } from '../failure.ts';
import { send } from '../http.ts';
import { parseJson } from '../json.ts';
import { pageInstead } from '../network-error.ts';
import type { Services } from '../system.ts';
import type { EntraError } from './errors.ts';

const ErrorAnswer = v.object({
  error: v.string(),
  error_codes: v.optional(v.array(v.number()), []),
});

/**
 * Sends MSAL's requests through the injected fetch, and records failures, because MSAL 7.2.1 hides them: it turns a 503 into an
 * empty token, drops most error numbers, and refuses requests itself after a 429.
 */
export class EntraNetwork implements INetworkModule {
  readonly #services: Services;
  readonly #signal: AbortSignal;
  /** Why the last request failed. */
  failure: Failure | undefined;
  /** Microsoft's last error answer. */
  error: EntraError | undefined;

  constructor(services: Services, signal: AbortSignal) {
    this.#services = services;
    this.#signal = signal;
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions) {
    return this.#send<T>('GET', url, options);
  }

  sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions) {
    return this.#send<T>('POST', url, options);
  }

  async #send<T>(
    method: 'GET' | 'POST',
    url: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    const isPoll = /(^|&)grant_type=[^&]*device_code/.test(body ?? '');
    const request = { url, method, headers, ...(body !== undefined && { body }) };
    const sent = await send(request, this.#services, this.#signal);
    const json = sent.ok ? parseJson(sent.value.body) : undefined;
    if (!sent.ok || json === undefined) {
      const failure = sent.ok ? pageInstead(sent.value.host) : sent.error;
      // MSAL would end the sign-in after one failed poll. The next poll may succeed, so report this poll as pending.
      if (isPoll && failure.kind !== 'cancelled') return PENDING as NetworkResponse<T>;
      throw this.#fail(failure);
    }
    const refusal = v.safeParse(ErrorAnswer, json);
    if (refusal.success) {
      const { error, error_codes: codes } = refusal.output;
      if (isPoll && error === 'slow_down') return PENDING as NetworkResponse<T>;
      this.error = { error, codes };
      // Without this error, MSAL would show a device code that does not exist.
      if (url.includes('/devicecode')) throw new Error('Microsoft gave no device code.');
    }
    return { headers: {}, body: json as T, status: sent.value.status };
  }

  #fail(failure: Failure): Error {
    this.failure = failure;
    return new Error(failure.message);
  }
}

const PENDING: NetworkResponse<unknown> = {
  headers: {},
  status: 400,
  body: { error: 'authorization_pending' },
};
