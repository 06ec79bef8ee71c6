import type { Answer } from '../../main/bridge/contract.ts';
import type { Ask } from './ask.ts';

interface Given {
  readonly ask: Ask;
  /** Of the account. */
  readonly id: string;
  verify(): Promise<void>;
}

/** From so many items on, looking for one takes longer than typing it. */
const SEARCHED_FROM = 10;

/** What is shown of one account beside its snapshot: what happened to it, and the list of what its key gives access to. */
export class DetailsState {
  listing = $state.raw<Answer<'listing'>>();
  /** Undefined until it has come. */
  activity = $state.raw<Answer<'activity'>>();
  search = $state('');
  verifying = $state(false);
  readonly #given: Given;
  #listingLoads = 0;
  #activityLoads = 0;

  readonly canSearch = $derived.by(() => (this.listing?.items.length ?? 0) >= SEARCHED_FROM);
  readonly #folded = $derived.by(() => this.listing?.items.map(fold) ?? []);
  /** The items that hold what is searched for. */
  readonly found = $derived.by((): readonly string[] => {
    const items = this.listing?.items ?? [];
    const sought = fold(this.search.trim());
    if (!this.canSearch || sought === '') return items;
    return items.filter((_item, index) => this.#folded[index]!.includes(sought));
  });

  constructor(given: Given) {
    this.#given = given;
  }

  async load(): Promise<void> {
    await Promise.all([this.#loadListing(), this.loadActivity()]);
  }

  async #loadListing(): Promise<void> {
    const mine = ++this.#listingLoads;
    const listing = await this.#given.ask('listing', { id: this.#given.id });
    if (mine === this.#listingLoads) this.listing = listing;
  }

  /** To be called when something has happened to the account. */
  async loadActivity(): Promise<void> {
    const mine = ++this.#activityLoads;
    const activity = await this.#given.ask('activity', { id: this.#given.id });
    if (mine === this.#activityLoads && activity) this.activity = activity;
  }

  /** Asks the server whether the key is still good, and with it for what there is to list. */
  async verify(): Promise<void> {
    if (this.verifying) return;
    this.verifying = true;
    await this.#given.verify();
    this.verifying = false;
    await this.#loadListing();
  }
}

/** As it is compared: without case, accents and other dress. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
