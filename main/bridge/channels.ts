/** The names of the three Electron channels between main process and renderer. Not in the contract, to keep the preload small. */
export const REQUEST_CHANNEL = 'keyvigil:request';
export const SNAPSHOT_CHANNEL = 'keyvigil:snapshot';
export const SHOW_CHANNEL = 'keyvigil:show';
