import * as v from 'valibot';
import type { Field, FieldValues, Method, System } from '../systems/system.ts';

const Values = v.record(v.string(), v.string());

/** One saved way into one server. Nothing in it is secret: it is stored in the clear. */
export const Account = v.object({
  id: v.pipe(v.string(), v.minLength(1)),
  name: v.string(),
  system: v.string(),
  method: v.string(),
  /** As the system's `readAddress` gave it. */
  address: v.pipe(v.string(), v.url()),
  /** The method's fields that are not secret. */
  values: Values,
  /** What signing in found out about the server. */
  learned: Values,
  remember: v.boolean(),
  keepAliveMinutes: v.pipe(v.number(), v.minValue(1), v.maxValue(55)),
  /** The user wants a session here: false from signing out until signing in. */
  wanted: v.boolean(),
});
export type Account = v.InferOutput<typeof Account>;

/** A live session key with what is known of it. Times are in milliseconds since 1970. */
export const Held = v.object({
  key: v.pipe(v.string(), v.minLength(1)),
  since: v.number(),
  /** When the server last accepted the key. */
  verifiedAt: v.number(),
  facts: v.array(v.object({ label: v.string(), value: v.string() })),
});
export type Held = v.InferOutput<typeof Held>;

/** What the vault holds for one account. */
export const Secrets = v.object({
  /** The method's secret fields. */
  values: Values,
  /** The server refused these values: they are not to be sent again until the user says so. */
  refused: v.boolean(),
  /** Silent logins in a row of which nobody knows how they ended. */
  lostLogins: v.optional(v.number(), 0),
  held: v.optional(Held),
});
export type Secrets = v.InferOutput<typeof Secrets>;

/** What a person fills in to make an account. */
export interface AccountForm {
  readonly system: string;
  readonly name: string;
  readonly address: string;
  readonly method: string;
  readonly values: FieldValues;
  readonly remember: boolean;
  readonly keepAliveMinutes: number;
}

export interface FormProblem {
  readonly message: string;
  /** The id of the field to blame, or `name` or `address`. */
  readonly field?: string;
}

export type FormReading =
  | { ok: true; account: Omit<Account, 'id'>; secretValues: FieldValues }
  | { ok: false; problem: FormProblem };

/**
 * Checks a filled-in form and parts what is secret from what is not.
 * @param stored secret values to be taken where the form has none
 */
export function readForm(
  form: AccountForm,
  systems: readonly System[],
  stored: FieldValues = {},
  mayLackSecrets = false,
): FormReading {
  const system = systems.find(({ id }) => id === form.system);
  const method = system?.methods.find(({ id }) => id === form.method);
  if (system === undefined || method === undefined) {
    return { ok: false, problem: { message: 'Keyvigil has no such way to sign in.' } };
  }
  const reading = system.readAddress(form.address);
  if (!reading.ok) return { ok: false, problem: { message: reading.problem, field: 'address' } };

  const values: Record<string, string> = {};
  const secretValues: Record<string, string> = {};
  for (const field of method.fields.filter((field) => counts(field, form.values))) {
    const into = field.secret ? secretValues : values;
    const value = readField(field, form.values[field.id]) || (stored[field.id] ?? '');
    const inItsPlace = field.heldAs && stored[field.heldAs];
    if (value === '' && field.heldAs && inItsPlace) into[field.heldAs] = inItsPlace;
    else if (value === '' && (field.optional || (field.secret && mayLackSecrets))) continue;
    else if (value === '') return { ok: false, problem: askFor(field) };
    else {
      const message = field.problem?.(value);
      if (message !== undefined) return { ok: false, problem: { message, field: field.id } };
      into[field.id] = value;
    }
  }

  return {
    ok: true,
    account: {
      name: form.name.trim() || new URL(reading.address).host,
      system: system.id,
      method: method.id,
      address: reading.address,
      values,
      learned: {},
      remember: form.remember,
      keepAliveMinutes: form.keepAliveMinutes,
      wanted: true,
    },
    secretValues,
  };
}

/** What to say where a field is needed and empty. */
export function askFor({ id, label }: Field): FormProblem {
  return { message: `Type the ${inSentence(label)}.`, field: id };
}

/** Of what was typed to sign in again, the method's secrets, as the account's form would read them. */
export function readTyped({ fields }: Method, typed: FieldValues): FieldValues {
  const secrets = fields.filter(({ id, secret }) => secret && typed[id] !== undefined);
  return Object.fromEntries(secrets.map((field) => [field.id, readField(field, typed[field.id])]));
}

function readField(field: Field, value = ''): string {
  return field.exact ? value : value.trim();
}

/** "User name" becomes "user name", "API key" stays. */
function inSentence(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label[0]!.toLowerCase() + label.slice(1) : label;
}

/** The first field that a login cannot do without, and that is empty. */
export function missingField(method: Method, values: FieldValues): Field | undefined {
  const isFilled = (id: string | undefined) => id !== undefined && (values[id] ?? '') !== '';
  return method.fields.find(
    (field) =>
      counts(field, values) && !field.optional && !isFilled(field.id) && !isFilled(field.heldAs),
  );
}

function counts({ onlyWith }: Field, values: FieldValues): boolean {
  return onlyWith === undefined || values[onlyWith.field] === onlyWith.value;
}

/** Two accounts lead to the same login with the same credentials. */
export function signsInAlike(
  a: Pick<Account, 'system' | 'method' | 'address' | 'values'>,
  b: Pick<Account, 'system' | 'method' | 'address' | 'values'>,
): boolean {
  const login = ({ system, method, address, values }: typeof a) =>
    JSON.stringify([system, method, address, Object.entries(values).sort()]);
  return login(a) === login(b);
}
