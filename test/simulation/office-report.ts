import type { Rest } from '../../main/sessions/rest.ts';
import type { OfficeOptions, OfficeResult } from './office.ts';
import type { ReportLine } from './report.ts';

export const OFFICE = { people: 40, licences: 25 } as const satisfies Partial<OfficeOptions>;

/** The ways in which the people's sessions rest. Only the first way must meet the goals. */
export const OFFICE_RESTS: readonly { readonly name: string; readonly rest?: Rest }[] = [
  { name: 'while used, sign out', rest: { when: 'away', afterMinutes: 15, signOut: true } },
  { name: 'while used', rest: { when: 'away', afterMinutes: 15, signOut: false } },
  {
    name: 'working hours, sign out',
    rest: { when: 'off-hours', from: '08:00', to: '17:00', signOut: true },
  },
  { name: 'always' },
];

/** @param results one for each way of `OFFICE_RESTS`, in the same order */
export function toOfficeReport(results: readonly OfficeResult[]): readonly ReportLine[] {
  const line = (measure: string, value: (result: OfficeResult) => number, goal?: number) => ({
    measure,
    values: results.map((result) => value(result).toLocaleString('en')),
    ...(goal !== undefined && { goal: `${goal}` }),
    isMissed: goal !== undefined && results[0] !== undefined && value(results[0]) > goal,
  });
  return [
    line('Refused logins', ({ refusedLogins }) => refusedLogins, 0),
    line('Hours at a computer without a session', (result) => hours(result.lackingMinutes), 0),
    line('  with one', (result) => hours(result.neededMinutes - result.lackingMinutes)),
    line('Logins', ({ logins }) => logins),
    line('Sessions at once, at most', ({ maxSessions }) => maxSessions),
    line('People at a computer at once, at most', ({ maxAtComputer }) => maxAtComputer),
    line('Bugs reported', ({ bugs }) => bugs, 0),
  ];
}

const hours = (minutes: number) => Math.round(minutes / 6) / 10;
