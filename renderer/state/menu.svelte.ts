export interface MenuEntry {
  readonly label: string;
  /** Stands there greyed, so that a menu looks the same whatever the account's state. */
  readonly disabled?: boolean;
  /** A line above sets it apart. */
  readonly apart?: boolean;
  readonly grave?: boolean;
  readonly run?: () => void;
  /** Opens a second level in the place of the first: beside it there is no room in a popup. */
  readonly entries?: readonly MenuEntry[];
}

/** A menu with the keys that the ARIA practices ask for. The component moves the focus to where `at` points. */
export class MenuState {
  at = $state(0);
  #parentAt = $state<number>();
  readonly #entries: () => readonly MenuEntry[];
  readonly #close: () => void;

  readonly isSecondLevel = $derived.by(() => this.#parentAt !== undefined);
  readonly entries = $derived.by((): readonly MenuEntry[] => {
    const first = this.#entries();
    if (this.#parentAt === undefined) return first;
    const back = { label: 'Back', run: () => this.back() };
    return [back, ...(first[this.#parentAt]?.entries ?? [])];
  });

  constructor(entries: () => readonly MenuEntry[], close: () => void) {
    this.#entries = entries;
    this.#close = close;
  }

  reset(): void {
    this.#parentAt = undefined;
    this.at = 0;
  }

  back(): void {
    this.at = this.#parentAt ?? 0;
    this.#parentAt = undefined;
  }

  choose(index: number): void {
    const entry = this.entries[index];
    if (!entry || entry.disabled) return;
    if (entry.entries) {
      this.#parentAt = index;
      this.at = 1;
    } else if (this.isSecondLevel && index === 0) {
      this.back();
    } else {
      // First closed, so that the focus is back on the menu's button when what was chosen moves it on.
      this.#close();
      entry.run?.();
    }
  }

  /** Whether the key meant something to the menu. */
  press(key: string): boolean {
    const last = this.entries.length - 1;
    switch (key) {
      case 'ArrowDown':
        this.at = this.at === last ? 0 : this.at + 1;
        return true;
      case 'ArrowUp':
        this.at = this.at === 0 ? last : this.at - 1;
        return true;
      case 'Home':
        this.at = 0;
        return true;
      case 'End':
        this.at = last;
        return true;
      case 'ArrowRight':
        if (this.entries[this.at]?.entries) this.choose(this.at);
        return true;
      case 'ArrowLeft':
        if (this.isSecondLevel) this.back();
        return true;
      case 'Escape':
        if (this.isSecondLevel) this.back();
        else this.#close();
        return true;
      case 'Tab':
        this.#close();
        return true;
      default:
        return this.#seek(key);
    }
  }

  /** To the next entry that begins with this letter. */
  #seek(key: string): boolean {
    if (key.length !== 1 || key === ' ') return false;
    const { length } = this.entries;
    for (let step = 1; step <= length; step += 1) {
      const index = (this.at + step) % length;
      if (this.entries[index]!.label.toLowerCase().startsWith(key.toLowerCase())) {
        this.at = index;
        return true;
      }
    }
    return false;
  }
}
