import type {
  About,
  AccountView,
  ImportedAccount,
  Problem,
  WantedScreen,
} from '../../main/bridge/contract.ts';
import { AccountFormState } from './account-form.svelte.ts';
import type { FormDeps } from './form-deps.ts';
import { lacksValue, type LoadedForm } from './lacks-value.ts';
import { DetailsState } from './details.svelte.ts';
import type { ListFocus } from './list-focus.ts';
import type { MainProcess } from './main-process.svelte.ts';
import type { Messages } from './messages.svelte.ts';
import { SettingsFormState } from './settings-form.svelte.ts';
import { SignInFormState } from './sign-in-form.svelte.ts';

type Screen =
  | { readonly name: 'accounts' }
  | { readonly name: 'account-form'; readonly form: AccountFormState }
  | { readonly name: 'sign-in'; readonly form: SignInFormState }
  | { readonly name: 'details'; readonly details: DetailsState }
  | { readonly name: 'settings'; readonly settings: SettingsFormState }
  | { readonly name: 'import'; readonly accounts: readonly ImportedAccount[] }
  | { readonly name: 'shortcuts' }
  | { readonly name: 'about'; readonly about: About };

/** A question that the user must answer before a command runs. */
type Dialog =
  | { readonly name: 'remove'; readonly account: AccountView }
  | {
      readonly name: 'copy-secret';
      readonly account: AccountView;
      readonly format: { readonly id: string; readonly label: string; readonly warning: string };
    }
  /** The API explorer is on a host that is not the account's server. */
  | { readonly name: 'open-explorer'; readonly account: AccountView; readonly host: string };

/** Which screen the popup shows. */
export class Navigation {
  screen = $state.raw<Screen>({ name: 'accounts' });
  /** The account whose row gets the focus when the list is shown next. */
  focusedAccount = $state<string>();
  /** What had the focus when the list was left. */
  listFocus: ListFocus | undefined;
  /** The dialog in front of the screen, if there is one. */
  dialog = $state.raw<Dialog>();
  /** The form on screen, if there is one. Its input must not be lost. */
  readonly form = $derived('form' in this.screen ? this.screen.form : undefined);
  readonly #main: MainProcess;
  readonly #messages: Messages;

  constructor(main: MainProcess, messages: Messages) {
    this.#main = main;
    this.#messages = messages;
  }

  showAccounts(focusedAccount = this.listFocus?.account): void {
    this.focusedAccount = focusedAccount;
    this.#go({ name: 'accounts' });
  }

  /** If the list is on screen, moves the focus to the row of this account. */
  focusRow(id: string): void {
    if (this.screen.name === 'accounts') this.focusedAccount = id;
  }

  /** Shows what the main process asks for. An open form stays on screen, because its input would be lost. */
  show(wanted: WantedScreen): void {
    if (this.form) return;
    switch (wanted.name) {
      case 'add-account':
        return void this.addAccount();
      case 'row':
        return this.showAccounts(wanted.id);
      case 'details':
        return void this.showDetails(wanted);
    }
  }

  /** Call this when the popup is opened. */
  opened(): void {
    if (this.screen.name === 'details') void this.screen.details.loadActivity();
  }

  async addAccount(): Promise<void> {
    const systems = await this.#load(this.#main.systems());
    if (systems) await this.#showAccountForm({ systems });
  }

  async edit({ id }: AccountView): Promise<void> {
    const loaded = await this.#load(this.#main.editable(id));
    if (loaded) await this.#edit(id, loaded);
  }

  /** Shows the form for a new account, with the values of this account but without its secrets. */
  async duplicate({ id }: AccountView): Promise<void> {
    const loaded = await this.#load(this.#main.editable(id));
    if (!loaded) return;
    await this.#showAccountForm({ systems: loaded.systems, template: loaded.editable.form });
  }

  /** Asks for the secrets that a sign-in needs; `problem` says why the last sign-in failed. */
  async showSignIn(account: AccountView, problem?: Problem): Promise<void> {
    const loaded = await this.#load(this.#main.editable(account.id));
    if (!loaded) return;
    if (lacksValue(loaded)) return this.#edit(account.id, loaded);
    const close = () => this.#close(form, account.id);
    const form: SignInFormState = new SignInFormState({
      ...loaded,
      ask: this.#main.ask,
      account,
      problem,
      onDone: close,
      onClose: close,
    });
    this.#go({ name: 'sign-in', form });
  }

  /** Loads first, so that nothing on the screen jumps. */
  async showDetails({ id }: Pick<AccountView, 'id'>): Promise<void> {
    const details = new DetailsState(this.#main.ask, id);
    const loaded = await this.#load(details.load().then(() => details));
    const isGone = this.#main.snapshot && !this.#main.account(id);
    if (loaded && !isGone) this.#go({ name: 'details', details });
  }

  showSettings(): void {
    const settings = this.#main.snapshot?.settings;
    if (!settings || this.screen.name === 'settings') return;
    this.#go({ name: 'settings', settings: new SettingsFormState(this.#main.ask, settings) });
  }

  showImport(accounts: readonly ImportedAccount[]): void {
    this.#go({ name: 'import', accounts });
  }

  async showAbout(): Promise<void> {
    const about = await this.#load(this.#main.ask('about', undefined));
    if (about) this.#go({ name: 'about', about });
  }

  showShortcuts(): void {
    this.#go({ name: 'shortcuts' });
  }

  /** Goes one step back. On the list, closes the popup. */
  back(): void {
    switch (this.screen.name) {
      case 'accounts':
        return void this.#main.ask('closePopup', undefined);
      case 'account-form':
      case 'sign-in':
        return this.screen.form.cancel();
      case 'details':
        return this.showAccounts(this.screen.details.id);
      case 'settings':
      case 'import':
      case 'shortcuts':
        return this.showAccounts();
      case 'about':
        return this.showSettings();
    }
  }

  /** Call this after each change of the accounts. */
  accountsChanged(previous: readonly AccountView[]): void {
    if (this.dialog && !this.#main.account(this.dialog.account.id)) this.dialog = undefined;
    if (this.screen.name !== 'details') return;
    const { details } = this.screen;
    const account = this.#main.account(details.id);
    const before = previous.find(({ id }) => id === details.id);
    if (!account) return this.showAccounts();
    if (before?.state !== account.state || before.verifiedAt !== account.verifiedAt) {
      void details.loadActivity();
    }
  }

  #go(screen: Screen): void {
    this.form?.leave();
    this.#messages.clearAlert();
    this.dialog = undefined;
    this.screen = screen;
  }

  #edit(id: string, { systems, editable }: LoadedForm): Promise<void> {
    return this.#showAccountForm({ systems, edited: { id, ...editable } });
  }

  async #showAccountForm(deps: Pick<FormDeps, 'systems' | 'edited' | 'template'>): Promise<void> {
    const question = deps.edited ? { except: deps.edited.id } : {};
    const knownValues = await this.#load(this.#main.ask('knownValues', question));
    if (!knownValues) return;
    const form: AccountFormState = new AccountFormState({
      ...deps,
      knownValues,
      ask: this.#main.ask,
      canRemember: this.#main.snapshot?.canRemember ?? false,
      takenNames: this.#main.accounts.map(({ name }) => name),
      onDone: (id) => this.#close(form, id),
      onClose: () => this.#close(form, deps.edited?.id),
    });
    this.#go({ name: 'account-form', form });
  }

  /** Shows the list instead of the form, unless the user has already left the form. */
  #close(form: AccountFormState | SignInFormState, focusedAccount?: string): void {
    if (this.form === form) this.showAccounts(focusedAccount);
  }

  /** Waits for what the next screen needs; undefined if loading failed, or if the user has opened another screen. */
  async #load<T>(loading: Promise<T | undefined>): Promise<T | undefined> {
    const { screen } = this;
    const loaded = await loading;
    return this.screen === screen ? loaded : undefined;
  }
}
