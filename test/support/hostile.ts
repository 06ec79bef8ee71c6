/** Makes the values that a hijacked page may send: random, oversized and hostile ones. */
import fc from 'fast-check';
import type { GenericSchema } from 'valibot';
import { systems } from '../../main/systems/index.ts';

/** This text is longer than the contract allows for any text. */
const TOO_LONG = 'x'.repeat(20_000);

/** Each of these texts means something to a shell, a browser, a database, a file system or JavaScript. */
const TEXTS = [
  '',
  ' ',
  '\0',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '../../../../etc/passwd',
  'file:///etc/passwd',
  'file:\\\\host\\share\\x.exe',
  'ms-msdt:/id PCWDiagnostic',
  'javascript:alert(1)',
  'https://evil.example/',
  'https://user:password@evil.example/',
  'https:/evil.example',
  'http://[::1]:1/',
  'https://evil.example:99999/',
  '"; id; "$(id)`id`',
  "' OR 1=1 --",
  '<img src=x onerror=alert(1)>',
  '${7*7}{{7*7}}#{7*7}',
  '%00%0d%0aSet-Cookie:x',
  'a\r\nX-Injected: 1',
  '\u202Eexe.yas\u2066',
  '\ud800',
  '𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
  ...systems.flatMap(({ id, methods }) => [id, ...methods.map((method) => method.id)]),
  TOO_LONG,
];

const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ maxLength: 50, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.webUrl({ validSchemes: ['http', 'https', 'ftp', 'file'] }) },
);

const fields = systems.flatMap(({ methods }) => methods.flatMap(({ fields }) => fields));
const FIELDS = [...new Set(fields.map(({ id }) => id)), 'trustedHost'];
const CHOICES = fields.flatMap(({ options = [] }) => options.map(({ id }) => id));

/** Makes large and strange values. A page can run this function too, because it uses nothing outside itself. */
export function monsters(): unknown[] {
  const huge = 'x'.repeat(1_000_000);
  const manyKeys = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`key${n}`, 'x']));
  let deep: unknown = {};
  for (let level = 0; level < 5000; level++) deep = level % 2 ? [deep] : { id: deep };
  const cyclic: Record<string, unknown> = { id: 'x' };
  cyclic['form'] = cyclic;
  cyclic['values'] = cyclic;
  return [
    huge,
    { id: huge },
    { id: 'x', form: manyKeys, values: manyKeys },
    { address: huge, system: huge, method: huge },
    deep,
    cyclic,
    manyKeys,
    Array.from({ length: 20_000 }, () => ({ id: 'x' })),
    new Array(1_000_000),
    new Uint8Array(1_000_000),
    new Map([['id', 'x']]),
    new Set(['id']),
    new Date(NaN),
    /x/,
    new Error('x'),
    JSON.parse('{"__proto__": {"id": "x"}, "constructor": {"prototype": {"id": "x"}}}'),
    Object.create({ id: 'x' }),
    NaN,
    -0,
    Infinity,
    2n ** 70n,
  ];
}

/** Any value that is not large. */
export const random: fc.Arbitrary<unknown> = fc.oneof(
  fc.anything({ maxDepth: 2, maxKeys: 4, withBigInt: true }),
  hostileText,
);

/** Any value, even a large one. */
export const hostile: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: random },
  { weight: 1, arbitrary: fc.constantFrom(...monsters()) },
);

type Schema = GenericSchema & {
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly pipe?: readonly Schema[];
};

/**
 * Makes values that look like a question of this schema. Some values fit, and most have something wrong in them.
 * @param ids the ids that exist
 * @param other makes values that may replace any part
 */
export function shaped(
  schema: GenericSchema,
  ids: readonly string[],
  other = hostile,
): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 9, arbitrary: fitting(schema as Schema, ids, other) },
    { weight: 1, arbitrary: other },
  );
}

function fitting(
  schema: Schema,
  ids: readonly string[],
  other: fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const inner = (part: Schema) => shaped(part, ids, other);
  switch (schema.type) {
    case 'object': {
      const entries = Object.entries(schema.entries ?? {});
      const fields = Object.fromEntries(entries.map(([key, part]) => [key, inner(part)]));
      return fc.oneof(
        { weight: 9, arbitrary: fc.record(fields) },
        { weight: 1, arbitrary: fc.record(fields, { requiredKeys: [] }) },
      );
    }
    case 'optional':
      return fc.option(inner(schema.wrapped!), { nil: undefined });
    case 'record':
      return fc.dictionary(
        fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...FIELDS) }, hostileText),
        fc.oneof(hostileText, fc.constantFrom(...CHOICES), fc.uuid()),
        { maxKeys: 12 },
      );
    case 'string':
      return fc.oneof(hostileText, fc.constantFrom(...ids), fc.uuid());
    case 'number':
      return fc.oneof(fc.integer({ min: -1, max: 1000 }), fc.double());
    case 'boolean':
      return fc.boolean();
    default:
      return fc.constant(undefined);
  }
}
