import type { Answer, Question, RequestName } from '../../main/bridge/contract.ts';

/** A request to the main process. Where it is rejected, that is told to the user, and the answer is undefined. */
export type Ask = <N extends RequestName>(
  name: N,
  question: Question<N>,
) => Promise<Answer<N> | undefined>;
