/** Dates, times and numbers in the language of the texts. */
import { getLocale } from './index.ts';

/** The computer's region counts if it has this language: British English differs from American. */
function region(): string {
  const { locale } = new Intl.DateTimeFormat().resolvedOptions();
  return new Intl.Locale(locale).language === getLocale() ? locale : getLocale();
}

export const formatDate = (at: number, options: Intl.DateTimeFormatOptions): string =>
  new Date(at).toLocaleString(region(), options);

export const formatNumber = (value: number): string => value.toLocaleString(region());
