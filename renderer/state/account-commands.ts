import type { AccountView, ScriptAccess } from '../../main/bridge/contract.ts';
import { copyCheckWords } from '../../main/bridge/copy-check-words.ts';
import { UNDO_SECONDS } from '../../main/limits.ts';
import { m } from '../../main/messages/index.ts';
import { copied } from '../words.ts';
import type { MainProcess } from './main-process.svelte.ts';
import type { Message, Messages } from './messages.svelte.ts';
import type { Navigation } from './navigation.svelte.ts';
import type { SignIns } from './sign-ins.svelte.ts';

/** What the user can do with an account. Each command shows its result. */
export class AccountCommands {
  readonly #main: MainProcess;
  readonly #messages: Messages;
  readonly #navigation: Navigation;
  readonly #signIns: SignIns;
  /** The account that was copied in a format, and the message that says so. */
  #lastFormattedCopy: { readonly id: string; readonly status: Message | undefined } | undefined;

  constructor(main: MainProcess, messages: Messages, navigation: Navigation, signIns: SignIns) {
    this.#main = main;
    this.#messages = messages;
    this.#navigation = navigation;
    this.#signIns = signIns;
  }

  /**
   * Copies in the format that the user has chosen. Copies the key itself if `isPlain`, or if the message of the last copy is
   * still on screen: then this is a second click.
   * @returns whether something was copied
   */
  async copy(account: AccountView, { isPlain = false } = {}): Promise<boolean> {
    const { id, name, copyFormats, copyFormat } = account;
    const isAgain =
      this.#lastFormattedCopy?.id === id &&
      this.#lastFormattedCopy.status === this.#messages.status;
    const format = isPlain || isAgain ? undefined : copyFormats.find(({ id }) => id === copyFormat);
    this.#lastFormattedCopy = undefined;
    this.#messages.clearAlert();
    const result = await this.#main.ask('copy', format ? { id, format: format.id } : { id });
    if (!result?.ok) {
      this.#messages.showProblem(account, result?.error);
      return false;
    }
    const { clearsInSeconds, isChecking } = result.value;
    this.#messages.showStatus(copied(name, clearsInSeconds, format?.label), clearsInSeconds);
    if (format) this.#lastFormattedCopy = { id, status: this.#messages.status };
    if (isChecking) void this.#tellCheck(account, clearsInSeconds);
    return true;
  }

  async #tellCheck({ id, name }: AccountView, seconds: number): Promise<void> {
    const check = await this.#main.ask('copyCheck', { id });
    const words = check && copyCheckWords(check, name);
    if (words !== undefined) this.#messages.showStatus(words, seconds);
  }

  /** Handles Enter. The popup closes, so a notification tells the user if the key has expired. */
  async copyAndClose(account: AccountView): Promise<void> {
    if (await this.copy(account)) await this.#main.ask('closePopup', undefined);
  }

  /** Copies in this format, and makes it the account's format from now on. Without a format, copies the key itself. */
  async copyAs(account: AccountView, copyFormat?: string): Promise<void> {
    const { id } = account;
    const format = copyFormat === undefined ? {} : { format: copyFormat };
    void this.#main.ask('setCopyFormat', { id, ...format });
    this.#lastFormattedCopy = undefined;
    await this.copy({ ...account, copyFormat }, { isPlain: copyFormat === undefined });
  }

  pin({ id, pinned }: AccountView) {
    return this.#main.ask('pinAccount', { id, pinned: !pinned });
  }

  /** @param before the account that comes next after the move; undefined for the end */
  move({ id }: AccountView, before: AccountView | undefined) {
    return this.#main.ask('moveAccount', { id, ...(before && { before: before.id }) });
  }

  async signOut(account: AccountView): Promise<void> {
    this.#messages.clearAlert();
    const result = await this.#main.ask('signOut', { id: account.id });
    if (result?.ok) this.#messages.showEnd(m.signed_out_of({ name: account.name }));
    else this.#messages.showProblem(account, result?.error);
  }

  async verify(account: AccountView): Promise<void> {
    const { id, name } = account;
    this.#messages.clearAlert();
    this.#messages.showStatus(m.verifying({ name }));
    const verifying = this.#messages.status;
    const result = await this.#main.ask('verify', { id });
    if (result?.ok) {
      return this.#messages.showEnd(
        result.value.renewed ? m.was_signed_in_again({ name }) : m.server_accepts_key({ name }),
      );
    }
    if (this.#messages.status === verifying) this.#messages.clearStatus();
    // The user has cancelled it, by a sign-out or a removal for example.
    const shown = this.#main.account(id);
    if (!shown || result?.error.message === m.cancelled()) return;
    // If the row already shows this message, show no alert: an alert would move the rows under the pointer.
    const isOnRow = result?.error.message === shown.problem;
    if (!isOnRow) this.#messages.showProblem(account, result?.error);
  }

  /** @param confirmedHost a host other than the account's server, which the user has confirmed */
  async openExplorer(account: AccountView, confirmedHost?: string): Promise<void> {
    this.#messages.clearAlert();
    const question = { id: account.id, ...(confirmedHost !== undefined && { confirmedHost }) };
    const result = await this.#main.ask('openExplorer', question);
    if (!result?.ok) return this.#messages.showProblem(account, result?.error);
    const { message, hostToConfirm: host } = result.value;
    if (host !== undefined) this.#navigation.dialog = { name: 'open-explorer', account, host };
    if (message !== undefined) this.#messages.showStatus(message);
  }

  setScriptAccess({ id, scripts }: AccountView, changes: Partial<ScriptAccess>) {
    return this.#main.ask('setScriptAccess', { id, scripts: { ...scripts, ...changes } });
  }

  async copyLocalAddress(account: AccountView): Promise<void> {
    this.#messages.clearAlert();
    const result = await this.#main.ask('copyLocalAddress', { id: account.id });
    if (!result?.ok) return this.#messages.showProblem(account, result?.error);
    const { clearsInSeconds } = result.value;
    const { name } = account;
    const text = m.copied_local_address({ name, seconds: clearsInSeconds });
    this.#messages.showStatus(text, clearsInSeconds);
  }

  async renewLocalAddress({ id }: AccountView): Promise<void> {
    this.#messages.clearAlert();
    if (await this.#main.ask('renewLocalAddress', { id })) {
      this.#messages.showStatus(m.old_address_is_dead());
    }
  }

  async copyReport({ id }: AccountView): Promise<void> {
    if (await this.#main.ask('copyReport', { id })) this.#messages.showStatus(m.report_copied());
  }

  /** Call this when the user has confirmed. The next account in the list gets the focus. */
  async remove({ id, name }: AccountView): Promise<void> {
    const { accounts } = this.#main;
    const index = accounts.findIndex((account) => account.id === id);
    const neighbour = accounts[index + 1] ?? accounts[index - 1];
    this.#messages.clearAlert();
    this.#signIns.forget(id);
    await this.#main.ask('removeAccount', { id });
    this.#navigation.focusedAccount = neighbour?.id;
    const undo = async () => {
      const isBack = await this.#main.ask('undoRemove', { id });
      this.#messages.clearStatus();
      if (isBack === false) this.#messages.showAlert(m.too_late_to_undo({ name }));
      if (!isBack) return;
      this.#messages.showStatus(m.is_back({ name }));
      this.#navigation.focusedAccount = id;
    };
    const action = { label: m.undo(), run: () => void undo() };
    this.#messages.showStatus(m.removed({ name }), UNDO_SECONDS, action);
  }
}
