import type { SavedAccount } from './saved-account.ts';

export const ACCOUNT_ORDERS = ['own', 'last-copied'] as const;
/** `own`: the order that the user made by moving accounts. */
export type AccountOrder = (typeof ACCOUNT_ORDERS)[number];

/** Pinned accounts first. */
export function inOrder<T extends { readonly saved: SavedAccount }>(
  accounts: readonly T[],
  order: AccountOrder,
): readonly T[] {
  return accounts.toSorted(
    ({ saved: a }, { saved: b }) =>
      Number(b.pinned) - Number(a.pinned) ||
      (order === 'last-copied' ? b.lastCopiedAt - a.lastCopiedAt : 0),
  );
}

/** @param before the item that then follows `one`; undefined moves `one` to the end */
export function moved<T>(all: readonly T[], one: T, before: T | undefined): readonly T[] {
  if (one === before) return all;
  const others = all.filter((other) => other !== one);
  const index = before === undefined ? others.length : others.indexOf(before);
  return others.toSpliced(index, 0, one);
}
