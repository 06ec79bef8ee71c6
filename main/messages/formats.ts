/** Dates, times and numbers in the language of the texts. */
import { getLocale } from './index.ts';

/** The computer's region, if its language is the language of the texts: British English differs from American English. */
function region(): string {
  const { locale } = new Intl.DateTimeFormat().resolvedOptions();
  return new Intl.Locale(locale).language === getLocale() ? locale : getLocale();
}

/** Cached, because creating a format takes a hundred times as long as using it. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = getLocale() + JSON.stringify(options);
  const known = dateFormats.get(key);
  if (known) return known;
  const format = new Intl.DateTimeFormat(region(), options);
  dateFormats.set(key, format);
  return format;
}

export const formatDate = (at: number, options: Intl.DateTimeFormatOptions): string =>
  dateFormat(options).format(at);

export const formatNumber = (value: number): string => value.toLocaleString(region());
