import { app } from 'electron';
import { chooseLocale, useLocale, type LanguageSetting } from '../messages/language.ts';

/** Sets the language of all later texts. */
export function applyLanguage({ language }: { readonly language: LanguageSetting }): void {
  useLocale(chooseLocale(language, app.getPreferredSystemLanguages()));
}
