import { STATUS_CODES } from 'node:http';

/** An error answer of Keyvigil itself. `detail` is a sentence that says what to do, without a secret. */
export interface ProblemDetails {
  readonly status: number;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const problem = (
  status: number,
  detail: string,
  headers?: ProblemDetails['headers'],
): ProblemDetails => ({
  status,
  detail,
  ...(headers && { headers }),
});

/** In the format of RFC 9457. */
export const problemJson = ({ status, detail }: ProblemDetails): string =>
  `${JSON.stringify({ status, title: STATUS_CODES[status], detail }, null, 2)}\n`;
