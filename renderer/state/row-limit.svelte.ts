import type { AccountGroup } from './account-finder.svelte.ts';

/** More than fit on any screen, and few enough to be painted at once. */
const FIRST_ROWS = 30;
const MORE_ROWS = 60;

/** Lets the first rows be painted before the others are made. */
export class RowLimit {
  #limit = $state(FIRST_ROWS);

  /** Makes more rows when there is time, until `count` are made or the returned function is called. */
  follow(count: number): () => void {
    if (this.#limit >= count) return () => {};
    const request = requestIdleCallback(() => (this.#limit += MORE_ROWS), { timeout: 200 });
    return () => cancelIdleCallback(request);
  }

  cut(groups: readonly AccountGroup[]): readonly (AccountGroup & { readonly total: number })[] {
    let left = this.#limit;
    return groups.map((group) => {
      const accounts = group.isCollapsed ? [] : group.accounts.slice(0, left);
      left -= accounts.length;
      return { ...group, accounts, total: group.accounts.length };
    });
  }
}
