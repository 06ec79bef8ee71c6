import type {
  AccountForm,
  EditableAccount,
  Problem,
  SystemView,
} from '../../main/bridge/contract.ts';
import type { Ask } from './ask.ts';
import { Attempt } from './attempt.svelte.ts';
import { KEEP_ALIVE_MINUTES } from '../../main/limits.ts';
import { numberProblem } from './number-problem.ts';

type Field = SystemView['methods'][number]['fields'][number];

interface Given {
  readonly ask: Ask;
  readonly systems: readonly SystemView[];
  readonly canRemember: boolean;
  /** The names of the other accounts, so that none is suggested twice. */
  readonly takenNames: readonly string[];
  /** Absent where an account is added. */
  readonly edited?: { readonly id: string } & EditableAccount;
  /** The account is kept; its id where it is a new one. */
  done(id: string): void;
  readonly close: () => void;
}

/** The form that adds an account, or edits one. */
export class AccountFormState {
  systemId = $state('');
  methodId = $state('');
  name = $state('');
  address = $state('');
  /** What was typed or stored, by field id; kept over a change of method, so that nothing is lost. */
  values = $state<Record<string, string>>({});
  remember = $state(false);
  /** Null while its input is empty. */
  keepAliveMinutes = $state<number | null>(null);
  /** How the address was understood when it was last left. */
  reading = $state.raw<{ address: string; insecure: boolean }>();
  addressProblem = $state<string>();
  /** What is wrong with what was typed so far, by field id. */
  fieldProblems = $state<Record<string, string | undefined>>({});
  showsMoreOptions = $state(false);
  readonly attempt: Attempt;

  readonly #given: Given;
  #nameIsSuggested = false;
  #addressRead: string | undefined;

  readonly system = $derived.by(() => this.#find(this.systemId));
  readonly method = $derived.by(() => {
    const { methods } = this.system;
    return methods.find(({ id }) => id === this.methodId) ?? methods[0]!;
  });
  /** The fields that count with what the others hold. */
  readonly #fields = $derived.by(() =>
    this.method.fields.filter(
      ({ onlyWith }) => !onlyWith || this.valueOf(onlyWith.field) === onlyWith.value,
    ),
  );
  readonly mainFields = $derived.by(() => this.#fields.filter(({ advanced }) => !advanced));
  readonly advancedFields = $derived.by(() => this.#fields.filter(({ advanced }) => advanced));
  /** Whether the button signs in: always for a new account, for a kept one when what it takes to sign in was changed. */
  readonly signsIn = $derived.by(() => {
    const before = this.#given.edited?.form;
    if (before === undefined) return true;
    return (
      this.systemId !== before.system ||
      this.address.trim() !== before.address ||
      this.method.id !== before.method ||
      this.#fields.some((field) => {
        const value = this.valueOf(field.id);
        if (field.localOnly) return false;
        if (field.secret) return value !== '';
        return value !== (before.values[field.id] ?? this.#untouched(field));
      })
    );
  });
  readonly generalProblem = $derived.by(() => {
    const { problem } = this.attempt;
    return problem && !this.#isShown(problem.field) ? problem.message : undefined;
  });

  constructor(given: Given) {
    this.#given = given;
    this.attempt = new Attempt(given.ask, ({ field }) => {
      if (this.isAdvanced(field)) this.showsMoreOptions = true;
    });
    const { edited, systems, canRemember } = given;
    if (edited) {
      const { form } = edited;
      this.systemId = form.system;
      this.methodId = form.method;
      this.name = form.name;
      this.address = form.address;
      this.values = { ...form.values };
      this.remember = form.remember && canRemember;
      this.keepAliveMinutes = form.keepAliveMinutes;
      void this.readAddress();
    } else {
      this.remember = canRemember;
      this.chooseSystem(systems[0]!.id);
    }
  }

  get systems(): readonly SystemView[] {
    return this.#given.systems;
  }

  get isNew(): boolean {
    return this.#given.edited === undefined;
  }

  get canRemember(): boolean {
    return this.#given.canRemember;
  }

  chooseSystem(id: string): void {
    const keptDefault =
      this.keepAliveMinutes === null ||
      this.keepAliveMinutes === this.#find(this.systemId).keepAliveMinutes;
    this.systemId = id;
    this.methodId = this.system.methods[0]!.id;
    if (keptDefault) this.keepAliveMinutes = this.system.keepAliveMinutes;
    this.#addressRead = undefined;
    void this.readAddress();
  }

  valueOf(id: string): string {
    const field = this.method.fields.find((field) => field.id === id);
    return this.values[id] ?? (field ? this.#untouched(field) : '');
  }

  isStored(field: string): boolean {
    const { edited } = this.#given;
    return this.#isMethodKept && edited!.storedSecrets.includes(field);
  }

  /** Whether the input of this field is out of sight until it is asked for. */
  isAdvanced(field: Problem['field']): boolean {
    return field === 'keepAliveMinutes' || this.advancedFields.some(({ id }) => id === field);
  }

  problemOf(field: string): string | undefined {
    const { problem } = this.attempt;
    if (problem?.field === field) return problem.message;
    return field === 'address' ? this.addressProblem : this.fieldProblems[field];
  }

  type(field: string, value: string): void {
    this.values[field] = value;
    // What was found wrong is followed to the letter; who has only begun to type is left in peace.
    if (this.fieldProblems[field] !== undefined) void this.checkField(field);
  }

  /** To be called when a field is left. Secrets are checked by their server alone. */
  async checkField(field: string): Promise<void> {
    const value = this.valueOf(field);
    const asked = { system: this.systemId, method: this.method.id, field, value };
    const problem = value.trim() === '' ? undefined : await this.#given.ask('checkField', asked);
    if (this.valueOf(field) === value) this.fieldProblems[field] = problem;
  }

  typeName(): void {
    this.#nameIsSuggested = false;
  }

  /** To be called when the address input is left: reads what was typed, once. */
  async readAddress(): Promise<void> {
    const typed = this.address.trim();
    const read = `${this.systemId} ${typed}`;
    if (read === this.#addressRead) return;
    this.#addressRead = read;
    this.reading = undefined;
    this.addressProblem = undefined;
    if (typed === '') return;
    this.#suggestName();
    const result = await this.#given.ask('readAddress', {
      system: this.systemId,
      address: typed,
    });
    if (read !== this.#addressRead || result === undefined) return;
    if (result.ok) this.reading = result.value;
    else this.addressProblem = result.error.message;
  }

  async submit(): Promise<void> {
    if (this.attempt.isBusy) return;
    const wrongMinutes = numberProblem(this.keepAliveMinutes, KEEP_ALIVE_MINUTES);
    if (wrongMinutes !== undefined) {
      this.attempt.fail({ message: wrongMinutes, field: 'keepAliveMinutes' });
      return;
    }
    this.#suggestName();
    const { ask, edited } = this.#given;
    const form = this.#form();
    // A new id for each try: what a cancelled one still does cannot be taken for the next.
    const id = edited?.id ?? crypto.randomUUID();
    await this.attempt.run(
      id,
      () => ask(edited ? 'saveAccount' : 'addAccount', { id, form }),
      () => {
        this.forget();
        this.#given.done(id);
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
    const secrets = this.systems
      .flatMap(({ methods }) => methods.flatMap(({ fields }) => fields))
      .flatMap(({ id, secret }) => (secret ? id : []));
    const plain = Object.entries(this.values).filter(([id]) => !secrets.includes(id));
    this.values = Object.fromEntries(plain);
  }

  get #isMethodKept(): boolean {
    return this.#given.edited?.form.method === this.method.id;
  }

  /** What a field holds that was never touched. One that may stay empty, and was kept so, stays empty. */
  #untouched({ initial, options, optional }: Field): string {
    if (optional && this.#isMethodKept) return '';
    return initial ?? options?.[0]?.id ?? '';
  }

  #form(): AccountForm {
    return {
      system: this.systemId,
      name: this.name.trim(),
      address: this.address.trim(),
      method: this.method.id,
      values: Object.fromEntries(this.method.fields.map(({ id }) => [id, this.valueOf(id)])),
      remember: this.remember,
      keepAliveMinutes: this.keepAliveMinutes!,
    };
  }

  #suggestName(): void {
    if (!this.isNew) return;
    if (this.name.trim() !== '' && !this.#nameIsSuggested) return;
    const host = hostOf(this.address);
    if (host === '') return;
    this.name = firstFree(host, this.#given.takenNames);
    this.#nameIsSuggested = true;
  }

  #isShown(field: Problem['field']): boolean {
    return (
      field === 'name' ||
      field === 'address' ||
      field === 'keepAliveMinutes' ||
      this.#fields.some(({ id }) => id === field)
    );
  }

  #find(id: string): SystemView {
    return this.systems.find((system) => system.id === id) ?? this.systems[0]!;
  }
}

/** The host of an address as people type it, with or without a scheme. */
function hostOf(address: string): string {
  return /^(?:[a-z][a-z\d+.-]*:\/\/)?([^\s/:?#]+)/i.exec(address.trim())?.[1] ?? '';
}

function firstFree(name: string, taken: readonly string[]): string {
  let free = name;
  for (let number = 2; taken.includes(free); number += 1) free = `${name} ${number}`;
  return free;
}
