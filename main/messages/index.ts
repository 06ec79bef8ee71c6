/** Every text that a user can see, in the current language. `build/messages.ts` compiles the texts. */
export * as m from './compiled/messages/_index.js';
export { getLocale, locales, overwriteGetLocale, type Locale } from './compiled/runtime.js';
