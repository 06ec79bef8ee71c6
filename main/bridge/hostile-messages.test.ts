import fc from 'fast-check';
import * as v from 'valibot';
import { expect, it } from 'vitest';
import { createBridgeWorld, type BridgeWorld } from '../../test/support/bridge-world.ts';
import { searchText } from '../../test/support/canary.ts';
import { hostile, shaped } from '../../test/support/hostile.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { requests, type RequestName } from './contract.ts';

const MESSAGES = 10_000;

/** After a message that fits the contract, the log may contain these errors. Any other error is a bug that a page can trigger. */
const EXPECTED_REPORTS = [
  'This account does not exist any more.',
  'An account with this id exists already.',
];

/** These requests wait for a server. */
const SIGN_INS: readonly RequestName[] = ['addAccount', 'saveAccount', 'signIn'];

/** @returns everything that a message could change */
const stateOf = ({ accounts, settings, opened, copied, clipboard }: BridgeWorld) =>
  JSON.stringify([
    accounts.storage.accounts,
    [...accounts.storage.secrets],
    accounts.list.all.map(({ saved, session }) => [saved, session]),
    settings(),
    opened.length,
    copied.length,
    clipboard(),
  ]);

async function answerOf(
  world: BridgeWorld,
  name: RequestName,
  question: unknown,
): Promise<unknown> {
  const answer = world.ask(name, question).catch(String);
  if (!SIGN_INS.includes(name) || !v.is(requests[name].question, question)) return answer;
  const { id } = question as { id: string };
  await Promise.race([answer, settle()]);
  await world.ask('cancelSignIn', { id });
  return answer;
}

it.each(Object.keys(requests) as RequestName[])(
  `10,000 hostile messages to “%s” break nothing, change nothing unless they fit, and get no secret`,
  { timeout: 300_000 },
  async (name) => {
    const world = await createBridgeWorld();
    const schema: v.GenericSchema = requests[name].question;
    const ids = name === 'removeAccount' ? ['account-2'] : ['account-1', 'account-2'];
    const message = fc.oneof(hostile, shaped(schema, ids));
    const answers = new Set<string>();
    await fc.assert(
      fc.asyncProperty(message, async (question) => {
        const before = stateOf(world);
        const answer = await answerOf(world, name, question);
        answers.add(JSON.stringify([answer]));
        const isRefused = typeof answer === 'string' && answer.startsWith('Error: Refused');
        // `expect` would take longer than everything else in this check.
        if (isRefused !== !v.is(schema, question)) throw new Error(`Answered ${String(answer)}`);
        if (isRefused && stateOf(world) !== before)
          throw new Error('A refused message did something.');
      }),
      { numRuns: MESSAGES },
    );
    expect(searchText('answers', [...answers].join('\n'))).toEqual([]);
    const reports = new Set(world.reported.map((error) => (error as Error).message));
    expect([...reports].filter((report) => !EXPECTED_REPORTS.includes(report))).toEqual([]);
    expect(searchText('elsewhere', world.sentElsewhere.join('\n'))).toEqual([]);
    expect(searchText('the plain clipboard', world.copied.join('\n'))).toEqual([]);
    expect(world.accounts.reported).toEqual([]);
    expect(world.accounts.list.all.map(({ saved }) => saved.id)).toContain('account-1');
  },
);

it('10,000 messages to names that the contract does not have are refused', async () => {
  const world = await createBridgeWorld();
  const before = stateOf(world);
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (name, question) => {
      fc.pre(!(typeof name === 'string' && Object.hasOwn(requests, name)));
      await expect(world.ask(name as RequestName, question)).rejects.toThrow('Refused');
    }),
    { numRuns: MESSAGES },
  );
  expect(stateOf(world)).toBe(before);
  expect(world.reported).toEqual([]);
});
