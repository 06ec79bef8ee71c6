/** The control of the list that had the focus. The list is made again when its user comes back, so it is found by its place. */
export type ListFocus =
  | { readonly account: string; readonly isLast: boolean }
  | { readonly account?: undefined; readonly index: number };

/** @returns undefined for a control that is not on the list, such as a dialog's */
export function listFocusOf(control: Element): ListFocus | undefined {
  const row = control.closest<HTMLElement>('[data-account]');
  if (row) return { account: row.dataset['account']!, isLast: control === rowButtons(row).at(-1) };
  const index = controlsOutsideRows().indexOf(control as HTMLElement);
  return index === -1 ? undefined : { index };
}

export const rowButtons = (row: HTMLElement) => [
  ...row.querySelectorAll<HTMLElement>('.actions > button'),
];

export const controlsOutsideRows = () =>
  [...document.querySelectorAll<HTMLElement>(':enabled')].filter(
    (control) => control.closest('.frame') && !control.closest('[data-account]'),
  );
