/** The place of the control that had the focus. A place, not an element, because the list is built again when it is next shown. */
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
