/** Reads an answer as JSON, and checks it against a schema. */
import * as v from 'valibot';
import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import type { Failure, Outcome } from './failure.ts';
import type { Answer } from './http.ts';
import { pageInstead } from './network-error.ts';

/** What the message about an unexpected answer says: which system was expected, and what the user should check. */
export interface Expected {
  readonly system: string;
  readonly check: () => string;
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
    const isEmpty = body.trim() === '';
    const got = isEmpty ? m.an_empty_answer() : m.other_characters({ count: body.length });
    return failed(misfit(answer, m.expected_but_got({ expected: 'JSON', got }), expected));
  }
  const parsed = v.safeParse(schema, json);
  return parsed.success
    ? success(parsed.output)
    : failed(misfit(answer, describe(parsed.issues[0]), expected));
}

export const misfit = ({ host }: Answer, detail: string, { system, check }: Expected): Failure => ({
  kind: 'unexpected',
  message: m.answered_unlike({ host, system, detail, check: check() }),
});

/** Undefined if the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Says what does not fit, for example "hash: expected text, got a number". Never shows the value, which may be a session key. */
function describe(issue: v.BaseIssue<unknown>): string {
  const path = v.getDotPath(issue);
  const types = issue.expected?.replace(/[()]/g, '').split(' | ') ?? [];
  const [first = m.something_else(), ...others] = types.map(
    (type) => TYPES[type]?.() ?? m.type_text(),
  );
  const expected = others.reduce((one, other) => m.one_or_other({ one, other }), first);
  const misfit = m.expected_but_got({ expected, got: typeOf(issue.input) });
  return path === null ? misfit : `${path}: ${misfit}`;
}

const TYPES: Readonly<Record<string, () => string>> = {
  string: m.type_text,
  number: m.type_number,
  boolean: m.type_boolean,
  object: m.type_object,
  Object: m.type_object,
  Array: m.type_list,
  null: () => 'null',
  undefined: m.type_nothing,
};

function typeOf(value: unknown): string {
  if (value === '') return m.type_empty_text();
  if (value === null) return 'null';
  return Array.isArray(value) ? m.type_list() : TYPES[typeof value]!();
}
