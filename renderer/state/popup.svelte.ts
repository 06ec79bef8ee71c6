import { SvelteMap } from 'svelte/reactivity';
import type {
  AccountView,
  Bridge,
  Problem,
  Result,
  Settings,
  SignInPrompt,
  Snapshot,
  SystemView,
  View,
} from '../../main/bridge/contract.ts';
import { copied, somethingWentWrong } from '../words.ts';
import { AccountFormState } from './account-form.svelte.ts';
import type { Ask } from './ask.ts';
import { DetailsState } from './details.svelte.ts';
import type { MenuEntry } from './menu.svelte.ts';
import { SettingsFormState } from './settings-form.svelte.ts';
import { SignInFormState } from './sign-in-form.svelte.ts';

type Screen =
  | { readonly name: 'accounts' }
  | { readonly name: 'account-form'; readonly form: AccountFormState }
  | { readonly name: 'sign-in'; readonly form: SignInFormState }
  | { readonly name: 'details'; readonly id: string; readonly details: DetailsState }
  | { readonly name: 'settings'; readonly form: SettingsFormState };

/** A sentence on screen; an object, so that the same words said again are news again. */
export interface Saying {
  readonly text: string;
}

const MAX_HEIGHT = 600;

/** How long a status stays that has no time of its own, in seconds. */
const STATUS_SECONDS = 6;

/** The popup: what it shows, and what can be done in it. */
export class PopupState {
  /** Undefined until the main process has answered for the first time. */
  snapshot = $state.raw<Snapshot>();
  screen = $state.raw<Screen>({ name: 'accounts' });
  /** What was done. */
  status = $state.raw<Saying>();
  /** What went wrong where there is no input that it belongs to. */
  alert = $state.raw<Saying>();
  /** The account that is to be removed, while the user is asked. */
  removing = $state.raw<AccountView>();
  /** The account whose row gets the focus when the list is next shown. */
  focusedAccount = $state<string>();
  /** The window is on screen, and what it says is read. */
  isVisible = $state(true);
  /** What the current view needs, in CSS pixels. */
  contentHeight = $state(0);
  /** What each menu or dialog that lies over the view needs, by its id. */
  readonly overlayHeights = new SvelteMap<string, number>();

  readonly height = $derived.by(() =>
    Math.min(MAX_HEIGHT, Math.ceil(Math.max(this.contentHeight, ...this.overlayHeights.values()))),
  );
  /** A form is on screen, and what was typed into it would be missed. */
  readonly isTypedIn = $derived.by(
    () => this.screen.name === 'account-form' || this.screen.name === 'sign-in',
  );
  readonly accounts = $derived.by(() => this.snapshot?.accounts ?? []);
  /** What sign-ins ask their users to do outside the popup. A form shows only that of its own sign-in. */
  readonly prompts = $derived.by((): readonly SignInPrompt[] => {
    const { screen } = this;
    const prompts = this.snapshot?.prompts ?? [];
    const isForm = screen.name === 'account-form' || screen.name === 'sign-in';
    return isForm ? prompts.filter(({ id }) => id === screen.form.attempt.accountId) : prompts;
  });

  readonly #bridge: Bridge;
  #systems: readonly SystemView[] | undefined;
  /** Row sign-ins that were started here and can therefore be cancelled here. */
  #signingIn = $state.raw<readonly string[]>([]);
  #statusTimer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the changes of screen, so that a late answer does not take the user away from where they went meanwhile. */
  #moves = 0;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Listens to the main process; the function it returns ends that. */
  start(): () => void {
    const ends = [
      this.#bridge.onSnapshot((snapshot) => this.#take(snapshot)),
      this.#bridge.onView((view) => void this.show(view)),
    ];
    void this.ask('snapshot', undefined).then((snapshot) => {
      // One that was sent meanwhile is newer than this answer.
      if (snapshot && this.snapshot === undefined) this.#take(snapshot);
    });
    return () => {
      for (const end of ends) end();
      clearTimeout(this.#statusTimer);
    };
  }

  readonly ask: Ask = async (name, question) => {
    try {
      return await this.#bridge.request(name, question);
    } catch (error) {
      console.error(`The request ${name} failed`, error);
      this.alert = { text: somethingWentWrong };
      return undefined;
    }
  };

  account(id: string): AccountView | undefined {
    return this.accounts.find((account) => account.id === id);
  }

  canCancelSignIn(id: string): boolean {
    // A prompt has its own Cancel button.
    return this.#signingIn.includes(id) && !this.prompts.some((prompt) => prompt.id === id);
  }

  // Where to go.

  async show(view: View): Promise<void> {
    switch (view) {
      case 'accounts':
        return this.showAccounts();
      case 'add-account':
        return this.addAccount();
      case 'settings':
        return this.showSettings();
    }
  }

  showAccounts(focusedAccount?: string): void {
    this.focusedAccount = focusedAccount;
    this.#go({ name: 'accounts' });
  }

  /** On the list, gives the focus to the row of this account. */
  focusRow(id: string): void {
    if (this.screen.name === 'accounts') this.focusedAccount = id;
  }

  async addAccount(): Promise<void> {
    const { screen } = this;
    if (screen.name === 'account-form' && screen.form.isNew) return;
    const systems = await this.#arrive(() => this.#loadSystems());
    if (!systems) return;
    this.#showForm({ systems });
  }

  async edit(account: AccountView): Promise<void> {
    const { id } = account;
    const loaded = await this.#arrive(() => this.#loadEditable(id));
    if (!loaded) return;
    this.#showForm({ systems: loaded.systems, edited: { id, ...loaded.editable } });
  }

  showDetails(account: AccountView): void {
    const { id } = account;
    const details = new DetailsState({
      ask: this.ask,
      id,
      verify: async () => {
        const current = this.account(id);
        if (current) await this.verify(current);
      },
    });
    void details.load();
    this.#go({ name: 'details', id, details });
  }

  showSettings(): void {
    const settings: Settings | undefined = this.snapshot?.settings;
    if (!settings || this.screen.name === 'settings') return;
    this.#go({ name: 'settings', form: new SettingsFormState(this.ask, settings) });
  }

  /** One step back; from the list, out of the popup. */
  escape(): void {
    switch (this.screen.name) {
      case 'accounts':
        void this.ask('closePopup', undefined);
        return;
      case 'account-form':
      case 'sign-in':
        this.screen.form.cancel();
        return;
      case 'details':
        this.showAccounts(this.screen.id);
        return;
      case 'settings':
        this.showAccounts();
        return;
    }
  }

  // What to do.

  async copy(account: AccountView, format?: { id: string; label: string }): Promise<void> {
    this.alert = undefined;
    const { id, name } = account;
    const result = await this.ask('copy', format ? { id, format: format.id } : { id });
    if (!result?.ok) return this.#complain(account, result);
    const { clearsInSeconds, warning } = result.value;
    const text = copied(name, clearsInSeconds, format?.label);
    this.#say(warning === undefined ? text : `${text} ${warning}`, clearsInSeconds);
  }

  /** With what is stored, where that is enough; else, or where it was refused, the form asks for the rest. */
  async signIn(account: AccountView): Promise<void> {
    this.alert = undefined;
    const { id } = account;
    if (!account.canSignInAlone) return this.#askToSignIn(account);
    if (this.#signingIn.includes(id)) return;
    const moves = this.#moves;
    this.#signingIn = [...this.#signingIn, id];
    const result = await this.ask('signIn', { id });
    // Where it was cancelled meanwhile, the user knows how it ended.
    const wasCancelled = !this.#signingIn.includes(id);
    this.#signingIn = this.#signingIn.filter((other) => other !== id);
    if (wasCancelled || !result || result.ok) return;
    if (moves === this.#moves) await this.#askToSignIn(account, result.error);
    else this.#complain(account, result);
  }

  cancelSignIn(id: string): void {
    this.#signingIn = this.#signingIn.filter((other) => other !== id);
    void this.ask('cancelSignIn', { id });
  }

  async openPromptPage(id: string): Promise<void> {
    await this.ask('openPromptPage', { id });
  }

  async copyPromptCode(id: string): Promise<void> {
    const before = this.alert;
    await this.ask('copyPromptCode', { id });
    if (this.alert === before) this.#say('Code copied.');
  }

  async signOut(account: AccountView): Promise<void> {
    this.alert = undefined;
    const result = await this.ask('signOut', { id: account.id });
    if (result?.ok) this.#say(`Signed out of “${account.name}”.`);
    else this.#complain(account, result);
  }

  async verify(account: AccountView): Promise<void> {
    this.alert = undefined;
    this.#say(`Asking the server of “${account.name}”…`);
    const result = await this.ask('verify', { id: account.id });
    if (result?.ok) {
      return this.#say(
        result.value.renewed
          ? `“${account.name}” was signed in anew. Its key has changed: copy it again.`
          : `The server accepts the key of “${account.name}”.`,
      );
    }
    this.#hush();
    // The row itself says why; once more in a banner, it would move the rows under the pointer.
    if (result?.error.message !== this.account(account.id)?.problem) {
      this.#complain(account, result);
    }
  }

  async copyReport({ id }: AccountView): Promise<void> {
    const before = this.alert;
    await this.ask('copyReport', { id });
    if (this.alert === before) this.#say('Report copied.');
  }

  async openExplorer(account: AccountView): Promise<void> {
    this.alert = undefined;
    const result = await this.ask('openExplorer', { id: account.id });
    if (result?.ok) this.#say(result.value.message);
    else this.#complain(account, result);
  }

  askToRemove(account: AccountView): void {
    this.removing = account;
  }

  async remove(account: AccountView): Promise<void> {
    this.alert = undefined;
    this.removing = undefined;
    const index = this.accounts.findIndex(({ id }) => id === account.id);
    const neighbour = this.accounts[index + 1] ?? this.accounts[index - 1];
    await this.ask('removeAccount', { id: account.id });
    this.focusedAccount = neighbour?.id;
  }

  async dismissNotice(id: string): Promise<void> {
    await this.ask('dismissNotice', { id });
  }

  async quit(): Promise<void> {
    await this.ask('quit', undefined);
  }

  async fit(height: number): Promise<void> {
    await this.ask('fitPopup', { height });
  }

  menuOf(account: AccountView): MenuEntry[] {
    const isOut = account.state === 'signed-out' || account.state === 'sign-in-needed';
    const formats = account.copyFormats.map((format) => ({
      label: format.label,
      run: () => void this.copy(account, format),
    }));
    return [
      { label: 'Details', run: () => this.showDetails(account) },
      isOut
        ? { label: 'Sign in', run: () => void this.signIn(account) }
        : { label: 'Sign out', run: () => void this.signOut(account) },
      { label: 'Edit', run: () => void this.edit(account) },
      {
        label: 'Copy as …',
        disabled: !account.hasKey || formats.length === 0,
        apart: true,
        entries: formats,
      },
      { label: 'Verify now', disabled: !account.hasKey, run: () => void this.verify(account) },
      { label: 'Open API explorer', run: () => void this.openExplorer(account) },
      { label: 'Remove', apart: true, grave: true, run: () => this.askToRemove(account) },
    ];
  }

  #take(snapshot: Snapshot): void {
    const { screen } = this;
    const shown = screen.name === 'details' ? this.account(screen.id) : undefined;
    this.snapshot = snapshot;
    if (screen.name === 'details' && shown && hasHappened(shown, this.account(screen.id))) {
      void screen.details.loadActivity();
    }
    if (this.removing && !this.account(this.removing.id)) this.removing = undefined;
    if (this.screen.name === 'details' && !this.account(this.screen.id)) this.showAccounts();
  }

  #go(screen: Screen): void {
    const left = this.screen;
    if (left.name === 'account-form' || left.name === 'sign-in') {
      if (left.form.attempt.accountId !== undefined) left.form.cancel();
      left.form.forget();
    }
    this.#moves += 1;
    this.alert = undefined;
    this.removing = undefined;
    this.screen = screen;
  }

  #showForm(
    given: Pick<ConstructorParameters<typeof AccountFormState>[0], 'systems' | 'edited'>,
  ): void {
    const form: AccountFormState = new AccountFormState({
      ...given,
      ask: this.ask,
      canRemember: this.snapshot?.canRemember ?? false,
      takenNames: this.accounts.map(({ name }) => name),
      done: (id) => this.#leave(form, id),
      close: () => this.#leave(form, given.edited?.id),
    });
    this.#go({ name: 'account-form', form });
  }

  async #askToSignIn(account: AccountView, problem?: Problem): Promise<void> {
    const { id } = account;
    const loaded = await this.#arrive(() => this.#loadEditable(id));
    if (!loaded) return;
    const form: SignInFormState = new SignInFormState({
      ...loaded,
      ask: this.ask,
      account,
      problem,
      done: () => this.#leave(form, id),
      close: () => this.#leave(form, id),
    });
    this.#go({ name: 'sign-in', form });
  }

  /** To the list, if the form is still what is shown: a sign-in may end when the user has long gone elsewhere. */
  #leave(form: AccountFormState | SignInFormState, focusedAccount?: string): void {
    if ('form' in this.screen && this.screen.form === form) this.showAccounts(focusedAccount);
  }

  /** What the next screen needs, or undefined where it could not be had or the user went elsewhere meanwhile. */
  async #arrive<T>(load: () => Promise<T | undefined>): Promise<T | undefined> {
    const moves = this.#moves;
    const loaded = await load();
    return moves === this.#moves ? loaded : undefined;
  }

  async #loadSystems(): Promise<readonly SystemView[] | undefined> {
    this.#systems ??= await this.ask('systems', undefined);
    return this.#systems;
  }

  async #loadEditable(id: string) {
    const [systems, editable] = await Promise.all([
      this.#loadSystems(),
      this.ask('editableAccount', { id }),
    ]);
    return systems && editable ? { systems, editable } : undefined;
  }

  #say(text: string, seconds = STATUS_SECONDS): void {
    clearTimeout(this.#statusTimer);
    this.status = { text };
    this.#statusTimer = setTimeout(() => (this.status = undefined), seconds * 1000);
  }

  #hush(): void {
    clearTimeout(this.#statusTimer);
    this.status = undefined;
  }

  /** Says why something failed; where the request itself failed, that has been said. */
  #complain(account: AccountView, result: Result<unknown> | undefined): void {
    if (result && !result.ok) this.alert = { text: `${account.name}: ${result.error.message}` };
  }
}

/** Something was noted of an account, as far as its snapshots tell. */
function hasHappened(before: AccountView, now: AccountView | undefined): boolean {
  return now !== undefined && (before.state !== now.state || before.verifiedAt !== now.verifiedAt);
}
