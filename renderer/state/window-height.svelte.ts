import { SvelteMap } from 'svelte/reactivity';
import { MAX_POPUP_HEIGHT } from '../../main/limits.ts';

/** The height that the popup's window needs, in CSS pixels. */
export class WindowHeight {
  /** True after the main process has set the first height and shown the window. */
  isFitted = $state(false);
  /** What the current view needs. */
  content = $state(0);
  /** What each open menu or dialog needs, by its id. */
  readonly overlays = new SvelteMap<string, number>();
  readonly total = $derived(
    Math.min(MAX_POPUP_HEIGHT, Math.ceil(Math.max(this.content, ...this.overlays.values()))),
  );
}
