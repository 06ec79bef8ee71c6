import * as v from 'valibot';
import { requests, type Answer, type Question, type RequestName } from './contract.ts';

export type Handlers = {
  readonly [N in RequestName]: (question: Question<N>) => Answer<N> | Promise<Answer<N>>;
};

/** The only page that may send requests. */
export const TRUSTED_ORIGIN = 'app://keyvigil';

export interface Sender {
  readonly url: string;
  readonly isMainFrame: boolean;
}

/**
 * Answers the renderer's requests. Checks question and answer against the contract, and drops what the contract does not name.
 * The text of an error stays here, because it may quote the question.
 */
export function createBridgeServer(handlers: Handlers, logError: (error: unknown) => void) {
  return async (sender: Sender, name: unknown, question: unknown): Promise<unknown> => {
    if (!isTrusted(sender)) throw refused('it comes from a page that is not Keyvigil’s');
    if (!isRequestName(name)) throw refused('Keyvigil does not know it');
    // Stop at the first fault, because listing all faults of an oversized question takes seconds.
    const asked = v.safeParse(requests[name].question, question, { abortEarly: true });
    if (!asked.success) throw refused(`“${name}” does not fit the contract`);
    try {
      const handle = handlers[name] as (question: unknown) => unknown;
      return v.parse(requests[name].answer, await handle(asked.output));
    } catch (error) {
      logError(error);
      // Leave out the cause, because its text may quote the question.
      // eslint-disable-next-line preserve-caught-error
      throw new Error(`Keyvigil could not do “${name}”. Its log says why.`);
    }
  };
}

function isTrusted({ url, isMainFrame }: Sender): boolean {
  return isMainFrame && url.startsWith(`${TRUSTED_ORIGIN}/`);
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(requests, name);
}

const refused = (why: string) => new Error(`Refused this request: ${why}.`);
