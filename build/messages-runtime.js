/**
 * Replaces paraglide's own runtime, most of which is for websites: it finds the language in addresses, cookies and requests.
 * Here, the main process and the popup each say which language they use.
 *
 * @typedef {string} LocalizedString
 * @typedef {'en' | 'de'} Locale
 */

/**
 * @template Inputs
 * @template Options
 * @template Markup
 * @typedef {object} MessageMetadata
 */

/** @type {readonly ['en', 'de']} */
export const locales = ['en', 'de'];

/** @type {Locale | undefined} */
export const experimentalStaticLocale = undefined;

/** @type {() => Locale} */
export let getLocale = () => 'en';

/** @param {() => Locale} get */
export function overwriteGetLocale(get) {
  getLocale = get;
}
