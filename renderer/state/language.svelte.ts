import { overwriteGetLocale, type Locale } from '../../main/messages/index.ts';

let locale = $state<Locale>('en');

// Every text reads this state, so all texts on screen change at once when the language changes.
overwriteGetLocale(() => locale);

export function useLocale(newLocale: Locale): void {
  locale = newLocale;
}
