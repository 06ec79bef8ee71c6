import type { Notice } from './contract.ts';

/** What the user should know beyond any one account: shown as banners in the popup. */
export class Notices {
  readonly #notices = new Map<string, Notice>();
  #changed: () => void = () => {};

  onChange(changed: () => void): void {
    this.#changed = changed;
  }

  get list(): Notice[] {
    return [...this.#notices.values()];
  }

  /** `id` keeps the same thing from being told twice. */
  tell(id: string, text: string, { dismissible = true } = {}): void {
    this.#notices.set(id, { id, text, dismissible });
    this.#changed();
  }

  dismiss(id: string): void {
    if (!this.#notices.get(id)?.dismissible) return;
    this.#notices.delete(id);
    this.#changed();
  }
}
