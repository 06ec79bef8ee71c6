import { leadsBack } from '../systems/entra/return-url.ts';

/** What to do with a request of a sign-in page: let it through, refuse it, or end the sign-in with the requested address. */
export type Verdict = 'pass' | 'refuse' | 'finish';

/** @param start the address of the sign-in page. If this address is https, http requests are refused. */
export function judgeRequest(address: string, start: string, returnUrl: string): Verdict {
  if (leadsBack(address, returnUrl)) return 'finish';
  const { protocol } = new URL(address);
  return protocol === 'https:' || protocol === new URL(start).protocol ? 'pass' : 'refuse';
}
