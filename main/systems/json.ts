/** Reads an answer as JSON that a system documents. */
import * as v from 'valibot';
import { failed, success } from '../result.ts';
import type { Failure, Outcome } from './failure.ts';
import type { Answer } from './http.ts';
import { pageInstead } from './network-error.ts';

/** What the message about an unexpected answer names. */
export interface Expected {
  readonly system: string;
  readonly check: string;
}

/** Fails with `page` or `unexpected`. */
export function readJson<T extends v.GenericSchema>(
  answer: Answer,
  schema: T,
  expected: Expected,
): Outcome<v.InferOutput<T>> {
  const { status, body, isPage, host } = answer;
  if (isPage) return failed(pageInstead(host));
  if (status !== 200) return failed(misfit(answer, `HTTP ${status}`, expected));
  const json = parseJson(body);
  if (json === undefined) {
    const got = body.trim() === '' ? 'an empty answer' : `${body.length} other characters`;
    return failed(misfit(answer, `expected JSON, got ${got}`, expected));
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success
    ? success(parsed.output)
    : failed(misfit(answer, describe(parsed.issues[0]), expected));
}

export const misfit = ({ host }: Answer, detail: string, { system, check }: Expected): Failure => ({
  kind: 'unexpected',
  message: `${host} answered, but not like ${system} (${detail}). Check ${check}.`,
});

/** Undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** "hash: expected text, got a number". Never shows the value, which may be a session key. */
function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const expected = (issue.expected ?? 'something else')
    .replace(/[()]/g, '')
    .split(' | ')
    .map((type) => TYPES[type] ?? 'text');
  return `${path === null ? '' : `${path}: `}expected ${expected.join(' or ')}, got ${typeOf(issue.input)}`;
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object',
  Object: 'an object',
  Array: 'a list',
  null: 'null',
  undefined: 'nothing',
};

function typeOf(value: unknown): string {
  if (value === '') return 'empty text';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : TYPES[typeof value]!;
}
