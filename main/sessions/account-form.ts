import { TRUSTED_HOST } from '../limits.ts';
import { getLocale, m } from '../messages/index.ts';
import { failed, success, type Result } from '../result.ts';
import type { Failure } from '../systems/failure.ts';
import type { Field, FieldValues, Method, System } from '../systems/system.ts';
import { areHoursReversed } from './rest.ts';
import { NO_CHOICES, type SavedAccount } from './saved-account.ts';

/** What a person fills in to make an account. */
export type AccountForm = Pick<
  SavedAccount,
  'system' | 'name' | 'address' | 'method' | 'values' | 'remember' | 'keepAliveMinutes' | 'rest'
>;

export interface FormProblem {
  readonly message: string;
  /** The field beside which to show it: its id, or `name`, `address` or `workingHours`. */
  readonly field?: string;
}

export interface ReadForm {
  readonly saved: Omit<SavedAccount, 'id'>;
  readonly secretValues: FieldValues;
}

export function findMethod(
  systems: readonly System[],
  { system: systemId, method: methodId }: { readonly system: string; readonly method: string },
): { readonly system: System; readonly method: Method } | undefined {
  const system = systems.find(({ id }) => id === systemId);
  const method = system?.methods.find(({ id }) => id === methodId);
  return system && method && { system, method };
}

type SecretsOwner = Pick<SavedAccount, 'system' | 'method' | 'address' | 'values'>;

/**
 * Identifies the system, method, address and user that stored secrets belong to.
 * Secrets are never sent to another server or for another user.
 */
export function ownerOf(
  { system, method, address, values }: SecretsOwner,
  { fields }: Method,
): string {
  const identity = fields.filter(({ identity }) => identity).map(({ id }) => values[id] ?? '');
  return JSON.stringify([system, method, address, ...identity]);
}

/** What a form that is no sign-in may leave empty. */
interface MayLack {
  readonly mayLackSecrets?: boolean;
  readonly mayLackTrust?: boolean;
  readonly mayLackValues?: boolean;
}

/**
 * Checks a form, and separates what is secret from what is not.
 * @param stored secret values for the fields that the form leaves empty
 */
export function readForm(
  form: AccountForm,
  systems: readonly System[],
  stored: FieldValues = {},
  mayLack: MayLack = {},
): Result<ReadForm, FormProblem> {
  const found = findMethod(systems, form);
  if (!found) return failed({ message: m.unknown_method() });
  const { system, method } = found;
  const reading = system.readAddress(form.address);
  if (!reading.ok) return failed({ message: reading.error, field: 'address' });
  const address = reading.value;
  if (areHoursReversed(form.rest)) {
    return failed({ message: m.working_hours_are_reversed(), field: 'workingHours' });
  }
  const trust = readTrust(form, method.hostToTrust?.(address), mayLack);
  if (!trust.ok) return trust;
  const fields = readFields(form, method, stored, mayLack);
  if (!fields.ok) return fields;
  return success({
    saved: {
      name: form.name.trim() || new URL(address).host,
      system: system.id,
      method: method.id,
      address,
      values: { ...trust.value, ...fields.value.values },
      learned: {},
      remember: form.remember,
      keepAliveMinutes: form.keepAliveMinutes,
      ...(form.rest && { rest: form.rest }),
      wanted: true,
      ...NO_CHOICES,
    },
    secretValues: fields.value.secretValues,
  });
}

/** @param host the host that needs the user's trust, if the address and the method need it */
function readTrust(
  { values }: AccountForm,
  host: string | undefined,
  { mayLackTrust }: MayLack,
): Result<FieldValues, FormProblem> {
  if (host === undefined) return success({});
  if (values[TRUSTED_HOST] === host) return success({ [TRUSTED_HOST]: host });
  if (mayLackTrust) return success({});
  return failed({ message: m.say_that_you_trust({ host }), field: TRUSTED_HOST });
}

function readFields(
  form: AccountForm,
  { fields }: Method,
  stored: FieldValues,
  { mayLackSecrets, mayLackValues }: MayLack,
): Result<{ readonly values: FieldValues; readonly secretValues: FieldValues }, FormProblem> {
  const values: Record<string, string> = {};
  const secretValues: Record<string, string> = {};
  for (const field of fields.filter((field) => isActive(field, form.values))) {
    const into = field.secret ? secretValues : values;
    const value = readField(field, form.values[field.id]) || (stored[field.id] ?? '');
    const storedForm = field.storedAs && stored[field.storedAs];
    if (value !== '') {
      const message = valueProblem(field, value);
      if (message !== undefined) return failed({ message, field: field.id });
      into[field.id] = value;
    } else if (field.storedAs && storedForm) {
      into[field.storedAs] = storedForm;
    } else if (!field.optional && !mayLackValues && !(field.secret && mayLackSecrets)) {
      return failed(missingProblem(field));
    }
  }
  return success({ values, secretValues });
}

/** Reads an account from a file, which contains neither secrets nor trust in a host. The user adds both later. */
export const readImported = (form: AccountForm, systems: readonly System[]) =>
  readForm(form, systems, {}, { mayLackSecrets: true, mayLackTrust: true });

/** The secrets that the user typed to sign in again, trimmed as `readForm` trims them. */
export function readTyped({ fields }: Method, typed: FieldValues): FieldValues {
  const secrets = fields.filter(({ id, secret }) => secret && typed[id] !== undefined);
  return Object.fromEntries(secrets.map((field) => [field.id, readField(field, typed[field.id])]));
}

/** Checks the choice of a list too, because a compromised renderer may send a value that the list does not offer. */
function valueProblem(field: Field, value: string): string | undefined {
  const isOffered = field.options?.some(({ id }) => id === value) ?? true;
  return isOffered
    ? field.problem?.(value)
    : m.choose_from_list({ field: inSentence(field.label()) });
}

function readField(field: Field, value = ''): string {
  return field.exact ? value : value.trim();
}

/** The first field that a login needs and that is empty. */
export function missingField(method: Method, values: FieldValues): Field | undefined {
  const isFilled = (id: string | undefined) => id !== undefined && (values[id] ?? '') !== '';
  return method.fields.find(
    (field) =>
      isActive(field, values) &&
      !field.optional &&
      !isFilled(field.id) &&
      !isFilled(field.storedAs),
  );
}

function isActive({ onlyWith }: Field, values: FieldValues): boolean {
  return onlyWith === undefined || values[onlyWith.field] === onlyWith.value;
}

export function missingProblem({ id, label }: Field): FormProblem {
  return { message: m.type_the_field({ field: inSentence(label()) }), field: id };
}

/** "User name" becomes "user name"; "API key" stays, and so does every German label. */
function inSentence(label: string): string {
  return getLocale() === 'en' && /^[A-Z][a-z]/.test(label)
    ? label[0]!.toLowerCase() + label.slice(1)
    : label;
}

/** Converts a failed sign-in for the form. A refusal is shown beside the method's `refusedField`. */
export function toFormProblem(failure: Failure, method: Method): FormProblem {
  if (failure.kind !== 'refused') return { message: failure.message };
  const { message, serverSaid } = failure;
  const field = method.refusedField;
  return {
    message:
      serverSaid === undefined ? message : m.server_said({ problem: message, said: serverSaid }),
    ...(field !== undefined && { field }),
  };
}

/** Whether both accounts log in the same way, if their secrets are the same. Fields that only Keyvigil uses do not count. */
export function signsInAlike(a: SecretsOwner, b: SecretsOwner, { fields }: Method): boolean {
  const isLocal = (id: string) => fields.some((field) => field.id === id && field.localOnly);
  const loginParts = ({ system, method, address, values }: SecretsOwner) =>
    JSON.stringify([
      system,
      method,
      address,
      Object.entries(values)
        .filter(([id]) => !isLocal(id))
        .sort(),
    ]);
  return loginParts(a) === loginParts(b);
}
