/** The language of the main process. The popup uses the same language. */
import { getLocale, locales, overwriteGetLocale, type Locale } from './index.ts';

export type LanguageSetting = 'system' | Locale;

/** @param preferred the user's languages in the operating system, such as `de-AT`, the best first */
export function chooseLocale(setting: LanguageSetting, preferred: readonly string[]): Locale {
  if (setting !== 'system') return setting;
  for (const tag of preferred) {
    const language = tag.toLowerCase().split(/[-_]/)[0];
    const locale = locales.find((locale) => locale === language);
    if (locale) return locale;
  }
  return 'en';
}

export function useLocale(locale: Locale): void {
  overwriteGetLocale(() => locale);
}

/** Runs `write` in English, for the command line. Only the reasons that the command line quotes stay in the popup's language. */
export function inEnglish<T>(write: () => T): T {
  const locale = getLocale();
  useLocale('en');
  try {
    return write();
  } finally {
    useLocale(locale);
  }
}
