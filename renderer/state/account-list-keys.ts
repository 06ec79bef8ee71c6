import type { AccountView } from '../../main/bridge/contract.ts';
import type { AccountFinder } from './account-finder.svelte.ts';
import { rowButtons } from './list-focus.ts';
import type { PopupState } from './popup.svelte.ts';

export interface AccountListKeysDeps {
  readonly popup: PopupState;
  readonly finder: AccountFinder;
  /** The rows on screen, each with its account's id in `data-account`. */
  readonly rows: () => readonly HTMLElement[];
  readonly findBox: () => HTMLInputElement | undefined;
  /** Whether the user may move accounts. */
  readonly canMove: () => boolean;
}

/** Handles the keys on the list of accounts. */
export class AccountListKeys {
  readonly #deps: AccountListKeysDeps;

  constructor(deps: AccountListKeysDeps) {
    this.#deps = deps;
  }

  handle(event: KeyboardEvent): void {
    // In Japanese, for example, arrow keys and Enter choose the characters of a word.
    if (event.isComposing || event.defaultPrevented) return;
    if (document.querySelector('dialog[open], :popover-open')) return;
    if (this.#used(event)) event.preventDefault();
  }

  handleInFindBox(event: KeyboardEvent): void {
    const { finder, popup } = this.#deps;
    const [first] = finder.shown;
    if (event.isComposing) return;
    if (event.key === 'Escape' && finder.text !== '') {
      finder.text = '';
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === 'Enter' && first?.hasKey) {
      void popup.commands.copyAndClose(first);
    }
  }

  /** Does nothing if the row is hidden. */
  focusRow(id: string, button: 0 | -1 = 0): void {
    const row = this.#deps.rows().find(({ dataset }) => dataset['account'] === id);
    if (row) rowButtons(row).at(button)?.focus();
  }

  /** Moves an account to the place of another one. */
  moveTo(id: string, targetId: string): void {
    const { finder, popup } = this.#deps;
    const { shown } = finder;
    const from = shown.findIndex((account) => account.id === id);
    const to = shown.findIndex((account) => account.id === targetId);
    const [moved, target] = [shown[from], shown[to]];
    // Pinned accounts stay before the others.
    if (!moved || !target || from === to || moved.pinned !== target.pinned) return;
    // The account that follows on screen may come earlier in the user's own order, which mixes groups and pinned accounts.
    const { accounts } = popup.main;
    const next = accounts[accounts.indexOf(target) + 1];
    const follower = next?.pinned === target.pinned ? next : undefined;
    void popup.commands.move(moved, to < from ? target : follower);
  }

  #used(event: KeyboardEvent): boolean {
    const { key, ctrlKey, metaKey, altKey } = event;
    const { finder, popup } = this.#deps;
    if (ctrlKey || metaKey) {
      const account = /^[1-9]$/.test(key) ? finder.shown[Number(key) - 1] : undefined;
      if (account) void popup.commands.copy(account);
      return account !== undefined;
    }
    switch (key) {
      case 'ArrowDown':
      case 'ArrowUp':
        return altKey ? this.#moveRow(key) : this.#moveFocus(key === 'ArrowDown' ? 1 : -1);
      case 'Home':
      case 'End':
        return !isInInput(event) && this.#focusButton(key === 'Home' ? 0 : -1);
    }
    return !altKey && !isInInput(event) && this.#usedLetter(key);
  }

  #usedLetter(key: string): boolean {
    const { popup, findBox } = this.#deps;
    switch (key) {
      case 'n':
        popup.navigation.addAccount().catch(console.error);
        return true;
      case ',':
        popup.navigation.showSettings();
        return true;
      case '?':
        popup.navigation.showShortcuts();
        return true;
      case '/':
        findBox()?.focus();
        return true;
      default:
        // After this, the browser types the letter into the search box. Leave out Space, because it presses a button.
        if (key.length === 1 && key !== ' ') findBox()?.focus();
        return false;
    }
  }

  /** Moves the focus by one row. From a row's last button it goes to the next row's last one, otherwise to the first one. */
  #moveFocus(step: 1 | -1): boolean {
    const buttons = this.#buttons();
    const focused = document.activeElement as HTMLElement;
    const index = buttons.findIndex((inRow) => inRow.includes(focused));
    const next = index === -1 ? buttons.at(step === 1 ? 0 : -1) : buttons[index + step];
    if (!next) return false;
    const isLast = focused === buttons[index]?.at(-1);
    (isLast ? next.at(-1) : next[0])?.focus();
    return true;
  }

  #focusButton(index: 0 | -1): boolean {
    this.#buttons().at(index)?.[0]?.focus();
    return true;
  }

  #buttons(): HTMLElement[][] {
    return this.#deps.rows().map(rowButtons);
  }

  #moveRow(key: 'ArrowDown' | 'ArrowUp'): boolean {
    const { finder, canMove } = this.#deps;
    const row = document.activeElement?.closest<HTMLElement>('[data-account]');
    const index = finder.shown.findIndex(({ id }) => id === row?.dataset['account']);
    const target: AccountView | undefined = finder.shown[index + (key === 'ArrowDown' ? 1 : -1)];
    if (index === -1 || !canMove() || !target) return false;
    this.moveTo(finder.shown[index]!.id, target.id);
    return true;
  }
}

const isInInput = ({ target }: Event): boolean =>
  target instanceof HTMLElement && target.matches('input, select, textarea');
