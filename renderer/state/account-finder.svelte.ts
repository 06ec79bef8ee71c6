import { SvelteSet } from 'svelte/reactivity';
import type { AccountView } from '../../main/bridge/contract.ts';
import { m } from '../../main/messages/index.ts';
import { foldText } from './fold-text.ts';

/** With fewer accounts, nobody needs a search. */
const MIN_TO_SEARCH = 6;
const MIN_TO_GROUP = 12;

export interface AccountGroup {
  /** Undefined if the accounts are not grouped. */
  readonly name?: string;
  readonly accounts: readonly AccountView[];
}

/** The accounts that the list shows: those that match the search, in groups if there are many accounts. */
export class AccountFinder {
  text = $state('');
  readonly #accounts: () => readonly AccountView[];
  readonly #collapsed = new SvelteSet<string>();

  readonly isSearching = $derived(this.text.trim() !== '');
  /** Also offered while its text hides accounts, so that the text can be removed. */
  readonly isOffered = $derived.by(
    () => this.#accounts().length >= MIN_TO_SEARCH || this.isSearching,
  );
  readonly #isGrouped = $derived.by(() => this.#accounts().length >= MIN_TO_GROUP);
  readonly groups = $derived.by((): readonly AccountGroup[] => {
    const accounts = this.#accounts();
    if (!this.#isGrouped) return [{ accounts }];
    return [...Map.groupBy(accounts, groupOf)].map(([name, accounts]) => ({ name, accounts }));
  });
  readonly #searchable = $derived.by(() =>
    this.#accounts().map((account) => ({ account, text: searchText(account) })),
  );
  readonly #found = $derived.by((): ReadonlySet<AccountView> => {
    const words = foldText(this.text).split(/\s+/).filter(Boolean);
    const found = this.#searchable.filter(({ text }) => words.every((word) => text.includes(word)));
    // eslint-disable-next-line svelte/prefer-svelte-reactivity -- This set is replaced, never changed.
    return new Set(found.map(({ account }) => account));
  });
  /** The accounts that are shown, from top to bottom. */
  readonly shown = $derived.by(() =>
    this.groups.flatMap(({ accounts }) => accounts.filter((account) => this.isShown(account))),
  );

  constructor(accounts: () => readonly AccountView[]) {
    this.#accounts = accounts;
  }

  isShown(account: AccountView): boolean {
    if (this.isSearching) return this.#found.has(account);
    return !this.#isGrouped || !this.isCollapsed(groupOf(account));
  }

  isCollapsed(group: string): boolean {
    return this.#collapsed.has(group);
  }

  toggle(group: string): void {
    if (!this.#collapsed.delete(group)) this.#collapsed.add(group);
  }
}

const groupOf = ({ pinned, address }: AccountView): string =>
  pinned ? m.pinned() : new URL(address).host;

/** Leave out the port: its digits would match too many searches. */
const searchText = ({ name, address, user, systemName }: AccountView): string =>
  foldText([name, new URL(address).hostname, user, systemName].join('\n'));
