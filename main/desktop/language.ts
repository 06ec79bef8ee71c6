import { app } from 'electron';
import { chooseLocale, useLocale, type LanguageSetting } from '../messages/language.ts';

/** All texts that are made from now on are in this language. */
export function applyLanguage({ language }: { readonly language: LanguageSetting }): void {
  useLocale(chooseLocale(language, app.getPreferredSystemLanguages()));
}
