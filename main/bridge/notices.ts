import type { Notice } from './contract.ts';

/** The banners in the popup, about Keyvigil as a whole and not about one account. */
export class Notices {
  readonly #notices = new Map<string, Omit<Notice, 'text'> & { readonly text: () => string }>();
  #onChange: () => void = () => {};

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  get all(): Notice[] {
    return [...this.#notices.values()].map((notice) => ({ ...notice, text: notice.text() }));
  }

  /** @param id a notice replaces an earlier one with the same id */
  add(id: string, text: () => string, { dismissible = true } = {}): void {
    this.#notices.set(id, { id, text, dismissible });
    this.#onChange();
  }

  dismiss(id: string): void {
    if (this.#notices.get(id)?.dismissible) this.remove(id);
  }

  remove(id: string): void {
    if (this.#notices.delete(id)) this.#onChange();
  }
}
