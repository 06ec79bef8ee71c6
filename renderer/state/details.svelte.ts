import type { Answer } from '../../main/bridge/contract.ts';
import { foldText } from './fold-text.ts';
import type { Ask } from './main-process.svelte.ts';

/** In a shorter list, reading is faster than searching. */
const MIN_ITEMS_TO_SEARCH = 10;

/** The details of an account that are not in the snapshot. */
export class DetailsState {
  readonly id: string;
  /** The things that the account's key gives access to, such as projects. */
  listing = $state.raw<Answer<'listing'>>();
  /** Undefined until it is loaded. */
  activity = $state.raw<Answer<'activity'>>();
  search = $state('');
  isVerifying = $state(false);
  readonly #ask: Ask;
  #listingLoads = 0;
  #activityLoads = 0;

  readonly canSearch = $derived((this.listing?.items.length ?? 0) >= MIN_ITEMS_TO_SEARCH);
  readonly #folded = $derived(this.listing?.items.map(foldText) ?? []);
  readonly matches = $derived.by((): readonly string[] => {
    const items = this.listing?.items ?? [];
    const query = foldText(this.search.trim());
    if (!this.canSearch || query === '') return items;
    return items.filter((_item, index) => this.#folded[index]!.includes(query));
  });

  constructor(ask: Ask, id: string) {
    this.#ask = ask;
    this.id = id;
  }

  async load(): Promise<void> {
    await Promise.all([this.#loadListing(), this.loadActivity()]);
  }

  /** Call this when something has happened to the account. */
  async loadActivity(): Promise<void> {
    const load = ++this.#activityLoads;
    const activity = await this.#ask('activity', { id: this.id });
    if (load === this.#activityLoads && activity) this.activity = activity;
  }

  /** Runs *Verify now*, which also makes the main process load the listing. */
  async verify(verifyAccount: () => Promise<void>): Promise<void> {
    if (this.isVerifying) return;
    this.isVerifying = true;
    await verifyAccount();
    this.isVerifying = false;
    await this.#loadListing();
  }

  async #loadListing(): Promise<void> {
    const load = ++this.#listingLoads;
    const listing = await this.#ask('listing', { id: this.id });
    if (load === this.#listingLoads) this.listing = listing;
  }
}
