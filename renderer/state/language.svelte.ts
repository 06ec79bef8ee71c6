import { overwriteGetLocale, type Locale } from '../../main/messages/index.ts';

let locale = $state<Locale>('en');

// What reads a text reads this too, so a change of the language shows at once.
overwriteGetLocale(() => locale);

export function useLocale(newLocale: Locale): void {
  locale = newLocale;
}
