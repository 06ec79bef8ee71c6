/** The texts that also reach scripts, which want them in English: why a session is as it is, and what a server did. */
import { getLocale, m as messages } from './index.ts';

type Messages = typeof messages;

/** Texts are few, but each may name a server or a number. */
const MAX_TEXTS = 1000;

/** The English form of each text, by the text that the user sees. */
const english = new Map<string, string>();

/** As `m`, and `toEnglish` knows the texts. */
export const m = new Proxy({} as Messages, {
  get: (_, key: keyof Messages) => (inputs: object) => {
    const message = messages[key] as (inputs: object, options?: { locale: 'en' }) => string;
    const text = message(inputs);
    if (getLocale() !== 'en') remember(text, message(translate(inputs), { locale: 'en' }));
    return text;
  },
});

export const toEnglish = (text: string): string => english.get(text) ?? text;

/** A text may be a part of another. */
function translate(inputs: object = {}): object {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'string' ? toEnglish(value) : value,
    ]),
  );
}

function remember(text: string, inEnglish: string): void {
  english.delete(text);
  english.set(text, inEnglish);
  const [oldest] = english.keys();
  if (english.size > MAX_TEXTS) english.delete(oldest!);
}
