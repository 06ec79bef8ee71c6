/** The limits and names that the renderer and the main process share. First: the bounds of each number that a user can set. */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

export const KEEP_ALIVE_MINUTES: Limits = { min: 1, max: 55 };
/** How long the computer is idle before its user counts as away. */
export const REST_AFTER_MINUTES: Limits = { min: 1, max: 240 };
export const CLEAR_CLIPBOARD_SECONDS: Limits = { min: 5, max: 600 };
export const LOCAL_ADDRESS_PORT: Limits = { min: 1024, max: 65535 };
export const REQUEST_SECONDS: Limits = { min: 2, max: 120 };

/** The form value that names the host which the user trusts with a Microsoft sign-in. */
export const TRUSTED_HOST = 'trustedHost';
/** The maximum height of the popup, in CSS pixels. */
export const MAX_POPUP_HEIGHT = 600;
/** How long *Remove* can be undone. */
export const UNDO_SECONDS = 10;
