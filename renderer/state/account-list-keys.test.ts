import { describe, expect, test } from 'vitest';
import { account, createPopup } from '../../test/support/fake-main-process.ts';
import { AccountFinder } from './account-finder.svelte.ts';
import { AccountListKeys } from './account-list-keys.ts';

const SERVER_A = 'https://a.example.com';
const SERVER_B = 'https://b.example.com';

async function list(accounts: readonly ReturnType<typeof account>[]) {
  const { popup, main, bridge } = await createPopup(
    { moveAccount: () => undefined },
    { accounts: [...accounts] },
  );
  const finder = new AccountFinder(() => main.accounts);
  const keys = new AccountListKeys({
    popup,
    finder,
    rows: () => [],
    findBox: () => undefined,
    canMove: () => true,
  });
  return { keys, finder, bridge };
}

/** @returns the account before which the main process puts `id`, which the user has moved to the place of `targetId` */
async function move(accounts: readonly ReturnType<typeof account>[], id: string, targetId: string) {
  const { keys, bridge } = await list(accounts);
  keys.moveTo(id, targetId);
  const [question] = bridge.questions('moveAccount') as { before?: string }[];
  return question?.before;
}

describe('an account that is moved down', () => {
  test('comes before the next one', async () => {
    const ids = ['a1', 'a2', 'a3'];
    const accounts = ids.map((id) => account({ id }));
    expect(await move(accounts, 'a1', 'a2')).toBe('a3');
    expect(await move(accounts, 'a1', 'a3')).toBeUndefined();
  });

  test('below the last pinned one stays below, also if the next account was added before them', async () => {
    const accounts = [
      account({ id: 'p1', pinned: true }),
      account({ id: 'p2', pinned: true }),
      account({ id: 'added-first' }),
    ];
    expect(await move(accounts, 'p1', 'p2')).toBeUndefined();
  });

  test('below the last one of its group stays below, also if the next group began before', async () => {
    const groupA = ['a1', 'a2', 'a3'].map((id) => account({ id, address: SERVER_A }));
    const groupB = Array.from({ length: 9 }, (_, index) =>
      account({ id: `b${index}`, address: SERVER_B }),
    );
    const accounts = [groupA[0]!, ...groupB, groupA[1]!, groupA[2]!];
    expect(await move(accounts, 'a2', 'a3')).toBeUndefined();
  });
});

test('an account that is moved up comes before the one at whose place it is put', async () => {
  const accounts = ['a1', 'a2', 'a3'].map((id) => account({ id }));
  expect(await move(accounts, 'a3', 'a1')).toBe('a1');
});

test.each(['Enter', 'Escape', 'ArrowDown'])(
  '%s belongs to the input method while a user composes a word of the search with it',
  async (key) => {
    const { keys, finder, bridge } = await list([account()]);
    finder.text = 'に';
    const asked = bridge.asked.length;
    const event = { key, isComposing: true } as KeyboardEvent;
    keys.handleInFindBox(event);
    keys.handle(event);
    expect(finder.text).toBe('に');
    expect(bridge.asked).toHaveLength(asked);
  },
);
