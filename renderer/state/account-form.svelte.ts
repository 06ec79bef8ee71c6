import type { AccountForm, Problem, SystemView } from '../../main/bridge/contract.ts';
import { KEEP_ALIVE_MINUTES, TRUSTED_HOST } from '../../main/limits.ts';
import { AddressField } from './address-field.svelte.ts';
import { Attempt } from './attempt.svelte.ts';
import type { Field, FormDeps } from './form-deps.ts';
import { numberProblem } from './number-problem.ts';
import { RestFields } from './rest-fields.svelte.ts';
import { numberedName, suggestedName } from './suggested-name.ts';

/** The inputs that are under *More options* for every method. */
const OPTIONS = ['keepAliveMinutes', 'afterMinutes', 'workingHours'];

/** The form that adds or edits an account. */
export class AccountFormState {
  systemId = $state('');
  methodId = $state('');
  name = $state('');
  /** What was typed or stored, by field id. Kept when the method changes, so that nothing is lost. */
  values = $state<Record<string, string>>({});
  remember = $state(false);
  /** Null while its input is empty. */
  keepAliveMinutes = $state<number | null>(null);
  readonly rest: RestFields;
  showsMoreOptions = $state(false);
  /** What is wrong with what was typed, by field id. */
  fieldProblems = $state<Record<string, string | undefined>>({});
  /** How often the secrets were cleared. Each time, new inputs replace theirs. In the old ones, Ctrl+Z would bring a secret back. */
  clearings = $state(0);
  readonly address: AddressField;
  readonly attempt: Attempt;

  readonly #deps: FormDeps;
  #suggestedName: string | undefined;

  readonly system = $derived.by(() => this.#system(this.systemId));
  readonly method = $derived.by(() => {
    const { methods } = this.system;
    return methods.find(({ id }) => id === this.methodId) ?? methods[0]!;
  });
  /** The method's fields, without those that the chosen values do not need. */
  readonly #fields = $derived.by(() =>
    this.method.fields.filter(
      ({ onlyWith }) => !onlyWith || this.getValue(onlyWith.field) === onlyWith.value,
    ),
  );
  readonly mainFields = $derived(this.#fields.filter(({ advanced }) => !advanced));
  readonly advancedFields = $derived(this.#fields.filter(({ advanced }) => advanced));
  /** The chosen method may sign in at this address only if the user trusts this host. */
  readonly hostToTrust = $derived.by(() => this.address.reading?.hostToTrust);
  readonly trustsHost = $derived.by(() => this.getValue(TRUSTED_HOST) === this.hostToTrust);
  /** Whether saving needs a sign-in. A new account always does. An edited one does if the server must accept a change. */
  readonly signsIn = $derived.by(() => {
    const before = this.#deps.edited?.form;
    return (
      before === undefined ||
      this.systemId !== before.system ||
      this.address.typed.trim() !== before.address ||
      this.method.id !== before.method ||
      this.getValue(TRUSTED_HOST) !== (before.values[TRUSTED_HOST] ?? '') ||
      this.#fields.some((field) => {
        const value = this.getValue(field.id);
        if (field.localOnly) return false;
        if (field.secret) return value !== '';
        const stored = before.values[field.id];
        return value !== (stored ?? (this.managedFields ? '' : this.#defaultValue(field)));
      })
    );
  });
  /** The problem of the last attempt, if it belongs to no input on screen. */
  readonly generalProblem = $derived.by(() => {
    const { problem } = this.attempt;
    return problem && !this.#isOnScreen(problem.field) ? problem.message : undefined;
  });

  constructor(deps: FormDeps) {
    const { ask, edited, template, systems, canRemember } = deps;
    this.#deps = deps;
    this.address = new AddressField(ask);
    this.attempt = new Attempt(ask, ({ field }) => {
      if (this.#isUnderMoreOptions(field)) this.showsMoreOptions = true;
    });
    const form = edited?.form ?? template;
    // Keep the choice of an edited account, even without a keyring: saving the account as not remembered deletes its stored password.
    this.remember = edited ? edited.form.remember : canRemember && (template?.remember ?? true);
    this.rest = new RestFields(form?.rest);
    if (form) {
      this.systemId = form.system;
      this.methodId = form.method;
      this.name = edited ? form.name : numberedName(form.name, deps.takenNames);
      this.address.typed = form.address;
      this.values = { ...form.values };
      this.keepAliveMinutes = form.keepAliveMinutes;
      void this.readAddress();
    } else {
      this.chooseSystem(systems[0]!.id);
    }
  }

  get systems(): readonly SystemView[] {
    return this.#deps.systems;
  }

  get isNew(): boolean {
    return this.#deps.edited === undefined;
  }

  /** The ids of the fields that the administrator has set; undefined for the user's own account. */
  get managedFields(): readonly string[] | undefined {
    return this.#deps.edited?.managedFields;
  }

  get canRemember(): boolean {
    return this.#deps.canRemember;
  }

  chooseSystem(id: string): void {
    const usesDefaultMinutes =
      this.keepAliveMinutes === null ||
      this.keepAliveMinutes === this.#system(this.systemId).keepAliveMinutes;
    this.systemId = id;
    this.methodId = this.system.methods[0]!.id;
    if (usesDefaultMinutes) this.keepAliveMinutes = this.system.keepAliveMinutes;
    this.address.askAgain(id);
    void this.readAddress();
  }

  chooseMethod(id: string): void {
    this.methodId = id;
    void this.readAddress();
  }

  /** Stores whether the user trusts the host on screen. This trust never counts for another host. */
  trustHost(isTrusted: boolean): void {
    this.values[TRUSTED_HOST] = isTrusted ? (this.hostToTrust ?? '') : '';
    this.attempt.forgetProblem(TRUSTED_HOST);
  }

  getValue(id: string): string {
    const field = this.method.fields.find((field) => field.id === id);
    return this.values[id] ?? (field ? this.#defaultValue(field) : '');
  }

  setValue(id: string, value: string): void {
    this.values[id] = value;
    this.attempt.forgetProblem(id);
    // Check while the user types only if a problem is on screen: it must disappear as soon as it is corrected.
    if (this.fieldProblems[id] !== undefined) void this.checkField(id);
  }

  /** The values that other accounts have in this field. */
  offersFor(id: string): readonly string[] {
    return this.#deps.knownValues[this.systemId]?.[id] ?? [];
  }

  isStored(id: string): boolean {
    return this.#keepsMethod && this.#deps.edited!.storedSecrets.includes(id);
  }

  problemOf(id: string): string | undefined {
    const { problem } = this.attempt;
    if (problem?.field === id) return problem.message;
    return id === 'address' ? this.address.problem : this.fieldProblems[id];
  }

  /** Call this when the user leaves a field that is not secret. */
  async checkField(id: string): Promise<void> {
    const value = this.getValue(id);
    const question = { system: this.systemId, method: this.method.id, field: id, value };
    const problem = value.trim() === '' ? undefined : await this.#deps.ask('checkField', question);
    if (this.getValue(id) === value) this.fieldProblems[id] = problem;
  }

  /** Call this after each change of the address. A pasted address often shows which system it belongs to. */
  addressTyped(): void {
    this.attempt.forgetProblem('address');
    const typed = this.address.typed.toLowerCase();
    const marked = this.systems.find(({ addressMark }) => typed.includes(addressMark));
    if (this.isNew && marked && marked.id !== this.systemId) this.chooseSystem(marked.id);
    this.address.askSoon(this.systemId);
  }

  /** Call this when the user leaves the address. */
  async readAddress(): Promise<void> {
    this.#suggestName();
    // The message at the checkbox of trust names the host of the last attempt, but the address may have changed since.
    this.attempt.forgetProblem(TRUSTED_HOST);
    await this.address.read(this.systemId, this.method.id);
  }

  async submit(): Promise<void> {
    if (this.attempt.isBusy) return;
    this.address.stopAsking();
    const minutesProblem = numberProblem(this.keepAliveMinutes, KEEP_ALIVE_MINUTES);
    if (minutesProblem !== undefined) {
      return this.attempt.fail({ message: minutesProblem, field: 'keepAliveMinutes' });
    }
    if (this.rest.problem) return this.attempt.fail(this.rest.problem);
    this.#suggestName();
    const { ask, edited, onDone } = this.#deps;
    // Give each attempt to add an account a new id, because a cancelled attempt may still be running.
    const id = edited?.id ?? crypto.randomUUID();
    const form = this.#form();
    await this.attempt.run(
      id,
      () => ask(edited ? 'saveAccount' : 'addAccount', { id, form }),
      () => {
        this.clearSecrets();
        onDone(id);
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
    this.address.stopAsking();
    this.attempt.cancel();
    this.clearSecrets();
  }

  clearSecrets(): void {
    const fields = this.systems.flatMap(({ methods }) => methods.flatMap(({ fields }) => fields));
    const secrets = fields.filter(({ secret }) => secret).map(({ id }) => id);
    const others = Object.entries(this.values).filter(([id]) => !secrets.includes(id));
    this.values = Object.fromEntries(others);
    this.clearings += 1;
  }

  get #keepsMethod(): boolean {
    const before = this.#deps.edited?.form;
    return before?.system === this.systemId && before.method === this.method.id;
  }

  /** The value of a field that was neither typed nor stored. An optional field that was stored empty stays empty. */
  #defaultValue({ initial, options, optional }: Field): string {
    if (optional && this.#keepsMethod) return '';
    return initial ?? options?.[0]?.id ?? '';
  }

  #form(): AccountForm {
    const trusted = this.getValue(TRUSTED_HOST);
    const { value: rest } = this.rest;
    return {
      system: this.systemId,
      name: this.name.trim(),
      address: this.address.typed.trim(),
      method: this.method.id,
      values: {
        ...Object.fromEntries(this.method.fields.map(({ id }) => [id, this.getValue(id)])),
        ...(trusted !== '' && { [TRUSTED_HOST]: trusted }),
      },
      remember: this.remember,
      keepAliveMinutes: this.keepAliveMinutes!,
      ...(rest && { rest }),
    };
  }

  /** Suggests a name for a new account, until the user types another. */
  #suggestName(): void {
    const isTyped = this.name.trim() !== '' && this.name !== this.#suggestedName;
    const name = suggestedName(this.address.typed, this.#deps.takenNames);
    if (this.isNew && !isTyped && name) this.name = this.#suggestedName = name;
  }

  #isUnderMoreOptions(field: Problem['field']): boolean {
    return OPTIONS.includes(field ?? '') || this.advancedFields.some(({ id }) => id === field);
  }

  #isOnScreen(field: Problem['field']): boolean {
    if (field === TRUSTED_HOST) return this.hostToTrust !== undefined;
    const isMain = field === 'name' || field === 'address';
    return (
      isMain || this.#isUnderMoreOptions(field) || this.mainFields.some(({ id }) => id === field)
    );
  }

  #system(id: string): SystemView {
    return this.systems.find((system) => system.id === id) ?? this.systems[0]!;
  }
}
