import type { Settings } from '../../main/bridge/contract.ts';
import { m, type Locale } from '../../main/messages/index.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import { expect, type ElectronApplication, type Locator, type Page } from '@playwright/test';

/** The values that a user fills in for a new account. */
export interface FilledForm {
  readonly system: string;
  readonly name: string;
  readonly address: string;
  readonly method: string;
  /** The values of the method's fields, by the fields' labels. */
  readonly values: Readonly<Record<string, string>>;
  readonly remember?: boolean;
  /** True to trust the server: a Microsoft account at a server that is not RIB's needs the user's agreement. */
  readonly trustsHost?: boolean;
}

/** A text of the catalogue that has no placeholders. */
export type Words = (inputs?: Record<string, never>, options?: { locale?: Locale }) => string;

/** Finds parts of the popup by the names on screen, which screen readers and manuals also use. */
export class Popup {
  readonly page: Page;
  readonly #locale: Locale;
  readonly accounts: Locator;
  /** The message about what went wrong. */
  readonly alert: Locator;
  /** The message about how a command ended. */
  readonly status: Locator;

  constructor(page: Page, locale: Locale = 'en') {
    this.page = page;
    this.#locale = locale;
    this.accounts = this.#list.getByRole('listitem');
    this.alert = page.getByRole('alert');
    this.status = page.getByRole('status');
  }

  /** The same popup after the language has changed. */
  in(locale: Locale): Popup {
    return new Popup(this.page, locale);
  }

  say(words: Words): string {
    return words({}, { locale: this.#locale });
  }

  get #list(): Locator {
    return this.page.getByRole('list', { name: this.say(m.accounts) });
  }

  account(name: string): AccountRow {
    const item = this.#list.getByRole('listitem', { name, exact: true });
    return new AccountRow(item, (words) => this.say(words));
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true });
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** @returns the checkbox with which the user trusts a host with a Microsoft sign-in */
  trust(host: string): Locator {
    const name = `I trust ${host} with my Microsoft sign-in`;
    return this.page.getByRole('checkbox', { name, exact: true });
  }

  /** Fills in the form for a new account, and leaves the form open. */
  async fillIn({
    system,
    name,
    address,
    method,
    values,
    remember = true,
    trustsHost = true,
  }: FilledForm) {
    await this.button('Add account').click();
    await this.field('System').selectOption(system);
    await this.field('Server address').fill(address);
    await this.field('Sign in with').selectOption(method);
    if (method === 'Microsoft account') {
      await this.trust(new URL(address).host).setChecked(trustsHost);
    }
    for (const [label, value] of Object.entries(values)) await this.field(label).fill(value);
    await this.field('Account name').fill(name);
    await this.field('Remember on this computer').setChecked(remember);
  }

  async addAccount(form: FilledForm): Promise<AccountRow> {
    await this.fillIn(form);
    await this.button('Sign in').click();
    return this.account(form.name);
  }

  async changeSettings(changes: Partial<Settings>): Promise<void> {
    const { settings } = await snapshotOf(this.page);
    await this.page.evaluate((settings) => window.keyvigil.request('saveSettings', settings), {
      ...settings,
      ...changes,
    });
  }

  /** Does what *Verify now* does, for all accounts. Resolves when the results are known. */
  async verifyAll(): Promise<void> {
    const { accounts } = await snapshotOf(this.page);
    await this.page.evaluate(
      async (ids) => {
        for (const id of ids) await window.keyvigil.request('verify', { id });
      },
      accounts.map(({ id }) => id),
    );
  }
}

export class AccountRow {
  readonly item: Locator;
  readonly #say: (words: Words) => string;

  constructor(item: Locator, say: (words: Words) => string) {
    this.item = item;
    this.#say = say;
  }

  button(name: string): Locator {
    return this.item.getByRole('button', { name, exact: true });
  }

  /** Waits until the account shows a text: the word of its state, or a reason. */
  async shows(text: string | RegExp): Promise<void> {
    await expect(this.item).toContainText(text);
  }

  async copyKey(): Promise<void> {
    await this.button(this.#say(m.copy_session_key)).click();
  }

  /** Chooses a command of the menu *More*. With two names, chooses a command of the menu's second level. */
  async choose(...commands: readonly string[]): Promise<void> {
    await this.button(this.#say(m.more)).click();
    for (const name of commands) {
      const page = this.item.page();
      const entry = page.getByRole('menuitem', { name, exact: true });
      await entry.or(page.getByRole('menuitemradio', { name, exact: true })).click();
    }
  }
}

export function isPopupOpen(app: ElectronApplication): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows().some((window) => window.isVisible()),
  );
}
