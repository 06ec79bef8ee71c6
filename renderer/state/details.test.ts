import { expect, test } from 'vitest';
import type { Answer } from '../../main/bridge/contract.ts';
import { DetailsState } from './details.svelte.ts';
import { activity, FakeBridge, pending, settle } from './fakes.ts';

type Listing = Answer<'listing'>;

const many = (...items: string[]): Listing => ({
  label: 'Projects',
  items: [...items, ...Array.from({ length: 10 }, (_, index) => `Other ${index}`)],
});

function details(
  listing: () => Listing | Promise<Listing>,
  verify: () => Promise<void> = async () => {},
) {
  const bridge = new FakeBridge({ listing, activity: () => activity() });
  const state = new DetailsState({
    ask: (name, question) => bridge.request(name, question),
    id: 'a1',
    verify,
  });
  return { state, bridge };
}

test('few items are shown without a search', async () => {
  const { state } = details(() => ({ label: 'Projects', items: ['One', 'Two'] }));
  await state.load();
  state.search = 'one';
  expect(state.canSearch).toBe(false);
  expect(state.found).toEqual(['One', 'Two']);
});

test.each([
  ['brucke', ['Brücke Süd']],
  [' BRÜCKE  ', ['Brücke Süd']],
  ['škoda', ['Skoda depot']],
  ['ﬁle', ['File store']],
  ['no such', []],
])('“%s” finds %j, whatever the case and the accents', async (search, found) => {
  const { state } = details(() => many('Brücke Süd', 'Skoda depot', 'File store'));
  await state.load();
  expect(state.canSearch).toBe(true);
  state.search = search;
  expect(state.found).toEqual(found);
});

test('without anything sought, all are found', async () => {
  const { state } = details(() => many());
  await state.load();
  state.search = '  ';
  expect(state.found).toHaveLength(10);
});

test('is verified once at a time, and lists anew afterwards', async () => {
  const verified = pending<void>();
  let times = 0;
  const { state, bridge } = details(
    () => many(),
    () => {
      times += 1;
      return verified.promise;
    },
  );
  void state.verify();
  void state.verify();
  expect(state.verifying).toBe(true);
  expect(bridge.questions('listing')).toEqual([]);
  verified.keep();
  await settle();
  expect(times).toBe(1);
  expect(state.verifying).toBe(false);
  expect(state.listing?.items).toHaveLength(10);
});

test('a late answer does not replace a newer one', async () => {
  const first = pending<Listing>();
  const answers = [first.promise, Promise.resolve(many('New'))];
  const { state } = details(() => answers.shift()!);
  const slow = state.load();
  await state.load();
  first.keep(undefined);
  await slow;
  expect(state.listing?.items[0]).toBe('New');
});

test('what happened is loaded with the rest, and again when more has happened', async () => {
  const { state, bridge } = details(() => many());
  expect(state.activity).toBeUndefined();
  await state.load();
  expect(state.activity).toEqual(activity());
  await state.loadActivity();
  expect(bridge.questions('activity')).toEqual([{ id: 'a1' }, { id: 'a1' }]);
  expect(bridge.questions('listing')).toHaveLength(1);
});

test('what happened stays on screen where it cannot be asked for again', async () => {
  const answers = [activity()];
  const bridge = new FakeBridge({
    listing: () => undefined,
    activity: () => answers.shift() ?? Promise.reject(new Error('broken')),
  });
  const state = new DetailsState({
    ask: (name, question) => bridge.request(name, question).catch(() => undefined),
    id: 'a1',
    verify: async () => {},
  });
  await state.load();
  await state.loadActivity();
  expect(state.activity).toEqual(activity());
});
