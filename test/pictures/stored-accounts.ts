import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keyvigil } from '../e2e/keyvigil.ts';
import { changeStored, readStored } from '../e2e/stored.ts';

const NAMES = [
  'Plant model',
  'Turbine hall 3',
  'Inspection 2026',
  'Offshore platform B',
  'Harbour crane',
  'Test database',
  'Pipeline north',
  'Pipeline south',
  'Refinery unit 4',
  'Boiler house',
  'Storage tanks',
  'Water works',
  'Archive',
];

/** Gives the stored accounts names as users choose them, and a few days of work. */
export function nameAccounts(keyvigil: Keyvigil): void {
  changeStored(keyvigil, 'accounts.json', (file) => ({
    ...file,
    accounts: file.accounts.map((account, index) => ({
      ...account,
      name: NAMES[index] ?? account.id,
      pinned: index < 2 && file.accounts.length > 6,
    })),
  }));
  const ids = readStored(keyvigil, 'accounts.json').accounts.map(({ id }) => id);
  writeFileSync(join(keyvigil.profile, 'activity.json'), JSON.stringify(lastDays(ids)));
}

/** The activity of a few days of work: the machine slept at night, and a server once did not respond. */
function lastDays(ids: readonly string[]) {
  const now = Date.now();
  const at = (hoursAgo: number) => new Date(now - hoursAgo * 3_600_000).toISOString();
  const nights = [3, 2, 1, 0].map((day) => `${at(day * 24 + 15)} ${at(day * 24 + 6)} asleep`);
  const entries = (index: number) => [
    `${at(80)} signed-in`,
    `${at(80)} kept-alive 410`,
    ...(index % 2 === 0 ? [`${at(5)} offline`, `${at(4.2)} kept-alive 30`] : []),
    `${at(0.1)} kept-alive 1`,
  ];
  return {
    version: 1,
    until: at(0),
    pauses: nights,
    accounts: Object.fromEntries(ids.map((id, index) => [id, entries(index)])),
  };
}
