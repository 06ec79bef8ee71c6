import { SvelteSet } from 'svelte/reactivity';
import type { AccountView } from '../../main/bridge/contract.ts';

/** Fewer accounts are seen at a glance. */
const MIN_TO_SEARCH = 6;
const MIN_TO_GROUP = 12;

export interface AccountGroup {
  /** Undefined if the accounts are not grouped. */
  readonly name?: string;
  readonly isCollapsed: boolean;
  readonly accounts: readonly AccountView[];
}

/** Which accounts the list shows: those that match what was typed, in groups if they are many. */
export class AccountFinder {
  text = $state('');
  readonly #accounts: () => readonly AccountView[];
  readonly #collapsed = new SvelteSet<string>();

  readonly isOffered = $derived.by(() => this.#accounts().length >= MIN_TO_SEARCH);
  readonly #searchTexts = $derived.by(
    () => new Map(this.#accounts().map((account) => [account.id, searchText(account)])),
  );
  readonly found = $derived.by((): readonly AccountView[] => {
    const words = plain(this.text).split(/\s+/).filter(Boolean);
    return this.#accounts().filter(({ id }) =>
      words.every((word) => this.#searchTexts.get(id)!.includes(word)),
    );
  });
  readonly groups = $derived.by((): readonly AccountGroup[] => {
    if (this.text.trim() !== '' || this.#accounts().length < MIN_TO_GROUP) {
      return [{ isCollapsed: false, accounts: this.found }];
    }
    const groups = Map.groupBy(this.found, ({ pinned, address }) =>
      pinned ? 'Pinned' : new URL(address).host,
    );
    return [...groups].map(([name, accounts]) => ({
      name,
      isCollapsed: this.#collapsed.has(name),
      accounts,
    }));
  });
  /** What is on screen, from top to bottom. */
  readonly shown = $derived.by(() =>
    this.groups.flatMap(({ isCollapsed, accounts }) => (isCollapsed ? [] : accounts)),
  );

  constructor(accounts: () => readonly AccountView[]) {
    this.#accounts = accounts;
  }

  toggle(group: string): void {
    if (!this.#collapsed.delete(group)) this.#collapsed.add(group);
  }
}

const searchText = ({ name, address, user, systemName }: AccountView) =>
  plain([name, new URL(address).host, user, systemName].join('\n'));

/** Without case and accents. */
const plain = (text: string) => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
