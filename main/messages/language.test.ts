import { afterEach, describe, expect, it } from 'vitest';
import { formatDate, formatNumber } from './formats.ts';
import { m } from './index.ts';
import { chooseLocale, inEnglish, useLocale } from './language.ts';

afterEach(() => useLocale('en'));

describe('the language', () => {
  it.each([
    [['de-AT', 'en-US'], 'de'],
    [['de_DE.UTF-8'], 'de'],
    [['fr-FR', 'de'], 'de'],
    [['en-GB', 'de'], 'en'],
    [['DE'], 'de'],
    [['fr-FR'], 'en'],
    [['deu'], 'en'],
    [[], 'en'],
  ])('of a system that prefers %j is %s', (preferred, locale) => {
    expect(chooseLocale('system', preferred)).toBe(locale);
  });

  it('is what the user has chosen, whatever the system prefers', () => {
    expect(chooseLocale('en', ['de'])).toBe('en');
    expect(chooseLocale('de', ['en'])).toBe('de');
  });

  it('counts for every text from then on', () => {
    expect(m.sign_out()).toBe('Sign out');
    useLocale('de');
    expect(m.sign_out()).toBe('Abmelden');
  });

  it('has its own plurals, numbers and dates', () => {
    const at = new Date(2026, 2, 5, 14, 2).getTime();
    const texts = () => [
      m.days({ count: 1 }),
      m.times({ count: 1204 }),
      formatNumber(99.9),
      formatDate(at, { day: 'numeric', month: 'long' }),
    ];
    expect(texts()).toEqual(['1 day', '1,204 times', '99.9', 'March 5']);
    useLocale('de');
    expect(texts()).toEqual(['1 Tag', '1.204-mal', '99,9', '5. März']);
  });
});

describe('what scripts read', () => {
  it('is English, and the popup stays German', () => {
    useLocale('de');
    expect(inEnglish(() => m.live())).toBe('Live');
    expect(m.live()).toBe('Aktiv');
  });

  it('stays German in the popup, even if writing it fails', () => {
    useLocale('de');
    const fail = () => {
      throw new Error('failed');
    };
    expect(() => inEnglish(fail)).toThrow('failed');
    expect(m.live()).toBe('Aktiv');
  });
});
