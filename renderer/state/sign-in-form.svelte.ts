import type {
  AccountView,
  EditableAccount,
  Problem,
  SystemView,
} from '../../main/bridge/contract.ts';
import { Attempt } from './attempt.svelte.ts';
import type { Field } from './form-deps.ts';
import type { Ask } from './main-process.svelte.ts';

interface SignInFormDeps {
  readonly ask: Ask;
  readonly account: AccountView;
  readonly editable: EditableAccount;
  readonly systems: readonly SystemView[];
  /** Why the last sign-in failed. */
  readonly problem?: Problem | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** The form that asks for the secrets of an account. */
export class SignInFormState {
  readonly account: AccountView;
  values = $state<Record<string, string>>({});
  /** How often the secrets were cleared. Each time, new inputs replace theirs. In the old ones, Ctrl+Z would bring a secret back. */
  clearings = $state(0);
  readonly attempt: Attempt;
  /** The secrets to ask for: the missing ones. If none is missing, all of them, because one must be wrong. */
  readonly fields: readonly Field[];
  /** The stored values that are not secret, such as the user name. */
  readonly storedValues: string;
  readonly #deps: SignInFormDeps;

  /** The problem of the last attempt, if it belongs to no input. */
  readonly generalProblem = $derived.by(() => {
    const { problem } = this.attempt;
    const isBesideInput = this.fields.some(({ id }) => id === problem?.field);
    return isBesideInput ? undefined : problem?.message;
  });

  constructor(deps: SignInFormDeps) {
    const { form, storedSecrets } = deps.editable;
    this.#deps = deps;
    this.account = deps.account;
    this.attempt = new Attempt(deps.ask);
    const system = deps.systems.find(({ id }) => id === form.system);
    const fields = system?.methods.find(({ id }) => id === form.method)?.fields ?? [];
    this.storedValues = fields
      .filter(({ secret, advanced }) => !secret && !advanced)
      .map(({ id, options }) => {
        const value = form.values[id] ?? '';
        return options?.find((option) => option.id === value)?.label ?? value;
      })
      .filter((value) => value !== '')
      .join(' · ');
    const secrets = fields.filter(({ secret }) => secret);
    const missing = secrets.filter(({ id }) => !storedSecrets.includes(id));
    this.fields = missing.length > 0 ? missing : secrets;
    if (deps.problem) this.attempt.fail(deps.problem);
  }

  getValue(id: string): string {
    return this.values[id] ?? '';
  }

  setValue(id: string, value: string): void {
    this.values[id] = value;
  }

  isStored(id: string): boolean {
    return this.#deps.editable.storedSecrets.includes(id);
  }

  problemOf(id: string): string | undefined {
    const { problem } = this.attempt;
    return problem?.field === id ? problem.message : undefined;
  }

  async submit(): Promise<void> {
    const { ask, account, onDone } = this.#deps;
    const { id } = account;
    const typed = this.fields
      .map((field) => [field.id, this.getValue(field.id)] as const)
      .filter(([field, value]) => value !== '' || !this.isStored(field));
    const question = typed.length > 0 ? { id, values: Object.fromEntries(typed) } : { id };
    await this.attempt.run(
      id,
      () => ask('signIn', question),
      () => {
        this.clearSecrets();
        onDone();
      },
    );
  }

  /** If a sign-in is running, cancels it and keeps the form. Otherwise closes the form. */
  cancel(): void {
    if (this.attempt.isBusy) this.attempt.cancel();
    else this.#deps.onClose();
  }

  /** Call this when another screen is shown. */
  leave(): void {
    this.attempt.cancel();
    this.clearSecrets();
  }

  clearSecrets(): void {
    this.values = {};
    this.clearings += 1;
  }
}
