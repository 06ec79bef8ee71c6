import { m } from '../../main/messages/index.ts';
export interface MenuEntry {
  readonly label: string;
  /** Shown in grey instead of removed, so that the menu has the same entries in every state. */
  readonly disabled?: boolean;
  readonly separatorBefore?: boolean;
  readonly danger?: boolean;
  /** This entry is the chosen one. */
  readonly checked?: boolean;
  readonly run?: () => void;
  /** A submenu. It replaces the menu, because the popup has no room beside it. */
  readonly entries?: readonly MenuEntry[];
}

/** A menu with the keys of the ARIA Authoring Practices. The component moves the focus to `focusedIndex`. */
export class MenuState {
  focusedIndex = $state(0);
  /** The entry whose submenu is open. */
  #parentIndex = $state<number>();
  readonly #entries: () => readonly MenuEntry[];
  readonly #close: () => void;

  readonly isSubmenu = $derived(this.#parentIndex !== undefined);
  readonly entries = $derived.by((): readonly MenuEntry[] => {
    const entries = this.#entries();
    if (this.#parentIndex === undefined) return entries;
    const back = { label: m.back(), run: () => this.back() };
    return [back, ...(entries[this.#parentIndex]?.entries ?? [])];
  });

  constructor(entries: () => readonly MenuEntry[], close: () => void) {
    this.#entries = entries;
    this.#close = close;
  }

  reset(): void {
    this.#parentIndex = undefined;
    this.focusedIndex = 0;
  }

  back(): void {
    this.focusedIndex = this.#parentIndex ?? 0;
    this.#parentIndex = undefined;
  }

  choose(index: number): void {
    const entry = this.entries[index];
    if (!entry || entry.disabled) return;
    if (entry.entries) {
      this.#parentIndex = index;
      this.focusedIndex = 1;
    } else if (this.isSubmenu && index === 0) {
      this.back();
    } else {
      // Close first: closing moves the focus to the button, and the command may then move it elsewhere.
      this.#close();
      entry.run?.();
    }
  }

  /** Whether the menu used the key. */
  handleKey(key: string): boolean {
    const last = this.entries.length - 1;
    switch (key) {
      case 'ArrowDown':
        this.focusedIndex = this.focusedIndex === last ? 0 : this.focusedIndex + 1;
        return true;
      case 'ArrowUp':
        this.focusedIndex = this.focusedIndex === 0 ? last : this.focusedIndex - 1;
        return true;
      case 'Home':
        this.focusedIndex = 0;
        return true;
      case 'End':
        this.focusedIndex = last;
        return true;
      case 'ArrowRight':
        if (this.entries[this.focusedIndex]?.entries) this.choose(this.focusedIndex);
        return true;
      case 'ArrowLeft':
        if (this.isSubmenu) this.back();
        return true;
      case 'Escape':
        if (this.isSubmenu) this.back();
        else this.#close();
        return true;
      case 'Tab':
        this.#close();
        return true;
      default:
        return this.#focusByLetter(key);
    }
  }

  /** Goes to the next entry that begins with this letter. */
  #focusByLetter(key: string): boolean {
    if (key.length !== 1 || key === ' ') return false;
    const { length } = this.entries;
    for (let step = 1; step <= length; step += 1) {
      const index = (this.focusedIndex + step) % length;
      if (this.entries[index]!.label.toLowerCase().startsWith(key.toLowerCase())) {
        this.focusedIndex = index;
        return true;
      }
    }
    return false;
  }
}
