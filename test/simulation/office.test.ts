import { expect, it } from 'vitest';
import { OFFICE, OFFICE_RESTS, toOfficeReport } from './office-report.ts';
import { runOffice } from './office.ts';

it(
  'in an office of 40 people with 25 licences nobody is refused if sessions rest while their users are away',
  { timeout: 60_000 },
  async () => {
    const run = (name: string) => {
      const { rest } = OFFICE_RESTS.find((each) => each.name === name)!;
      return runOffice({ ...OFFICE, days: 2, seed: 1, rest });
    };
    const signedOut = await run('while used, sign out');
    expect(signedOut).toMatchObject({ refusedLogins: 0, lackingMinutes: 0, bugs: 0 });
    expect(signedOut.neededMinutes).toBeGreaterThan(100 * 60);
    expect(signedOut.maxSessions).toBeLessThanOrEqual(OFFICE.licences);
    expect(await run('while used')).toMatchObject({ refusedLogins: 0, lackingMinutes: 0, bugs: 0 });
    const always = await run('always');
    expect(always.refusedLogins).toBeGreaterThan(15);
    expect(always.lackingMinutes).toBeGreaterThan(0);
    const [refused] = toOfficeReport([always]);
    expect(refused).toMatchObject({ measure: 'Refused logins', goal: '0', isMissed: true });
  },
);
