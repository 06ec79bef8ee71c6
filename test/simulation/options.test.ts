import { describe, expect, it } from 'vitest';
import { parseCommand } from './options.ts';

const parse = (...args: string[]) => parseCommand(args, () => 4711);

describe('the arguments of the simulation', () => {
  it('have defaults, and a new seed each time', () => {
    expect(parse()).toEqual({
      kind: 'run',
      options: {
        accounts: 50,
        days: 30,
        seeds: [4711],
        baseline: false,
        fleetOnly: false,
        officeOnly: false,
      },
    });
  });

  it('are all read', () => {
    const args = '--accounts 200 --days 3 --seed 1..5 --baseline --html out.html'.split(' ');
    expect(parse(...args)).toMatchObject({
      options: { accounts: 200, days: 3, seeds: [1, 2, 3, 4, 5], baseline: true, html: 'out.html' },
    });
    expect(parse('--office', '--rest', 'away')).toMatchObject({
      options: { officeOnly: true, rest: 'away' },
    });
    expect(parse('--seed', '7', '--fleet')).toMatchObject({
      options: { seeds: [7], fleetOnly: true },
    });
  });

  it.each(['5..1', '1..', '..5', '1..2..3', '-1', '1.5', 'five', '', '1..99999'])(
    'reject the seed “%s”',
    (seed) => {
      expect(parse(`--seed=${seed}`)).toMatchObject({ message: expect.stringContaining('--seed') });
    },
  );

  it.each([
    ['--accounts=0'],
    ['--accounts=x'],
    ['--days=0'],
    ['--days=1e3'],
    ['--html='],
    ['--rest=x'],
  ])('say what %s must be', (arg) => {
    expect(parse(arg)).toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining(arg.split('=')[0] ?? ''),
    });
  });

  it('say which of them is unknown', () => {
    expect(parse('--acounts', '5')).toMatchObject({ message: expect.stringContaining('acounts') });
    expect(parse('five')).toMatchObject({ kind: 'invalid' });
    expect(parse('--help')).toEqual({ kind: 'help' });
  });
});
