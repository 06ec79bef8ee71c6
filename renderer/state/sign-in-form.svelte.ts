import type {
  AccountView,
  EditableAccount,
  Problem,
  SystemView,
} from '../../main/bridge/contract.ts';
import type { Ask } from './ask.ts';
import { Attempt } from './attempt.svelte.ts';

type Field = SystemView['methods'][number]['fields'][number];

interface Given {
  readonly ask: Ask;
  readonly account: AccountView;
  readonly editable: EditableAccount;
  readonly systems: readonly SystemView[];
  /** What an earlier try came to. */
  readonly problem?: Problem | undefined;
  done(): void;
  readonly close: () => void;
}

/** Asks for the secrets that are missing to sign in to a kept account. */
export class SignInFormState {
  values = $state<Record<string, string>>({});
  readonly attempt: Attempt;
  /** The secrets that are not stored; where all are, each may be replaced, as one of them must be wrong. */
  readonly fields: readonly Field[];
  /** What is stored in the clear, the user's name most of all. */
  readonly plain: string;
  readonly #given: Given;

  readonly generalProblem = $derived.by(() => {
    const { problem } = this.attempt;
    const isBeside = this.fields.some(({ id }) => id === problem?.field);
    return isBeside ? undefined : problem?.message;
  });

  constructor(given: Given) {
    this.#given = given;
    this.attempt = new Attempt(given.ask);
    const { form, storedSecrets } = given.editable;
    const fields =
      given.systems
        .find(({ id }) => id === form.system)
        ?.methods.find(({ id }) => id === form.method)?.fields ?? [];
    this.plain = fields
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
    if (given.problem) this.attempt.fail(given.problem);
  }

  get account(): AccountView {
    return this.#given.account;
  }

  isStored(field: string): boolean {
    return this.#given.editable.storedSecrets.includes(field);
  }

  problemOf(field: string): string | undefined {
    const { problem } = this.attempt;
    return problem?.field === field ? problem.message : undefined;
  }

  async submit(): Promise<void> {
    const { ask, account } = this.#given;
    const typed = this.fields
      .map(({ id }) => [id, this.values[id] ?? ''] as const)
      .filter(([id, value]) => value !== '' || !this.isStored(id));
    await this.attempt.run(
      account.id,
      () =>
        ask(
          'signIn',
          typed.length > 0
            ? { id: account.id, values: Object.fromEntries(typed) }
            : { id: account.id },
        ),
      () => {
        this.forget();
        this.#given.done();
      },
    );
  }

  /** While signing in, stops that and leaves the form as it is; else closes the form. */
  cancel(): void {
    if (this.attempt.isBusy) this.attempt.cancel();
    else this.#given.close();
  }

  /** Drops the secrets that were typed. */
  forget(): void {
    this.values = {};
  }
}
