/** Which language the main process uses. The popup follows it. */
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

/** The command line writes in English. Only the reasons that it quotes are as in the popup. */
export function inEnglish<T>(write: () => T): T {
  const locale = getLocale();
  useLocale('en');
  try {
    return write();
  } finally {
    useLocale(locale);
  }
}
