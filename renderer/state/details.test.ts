import { expect, test } from 'vitest';
import type { Answer } from '../../main/bridge/contract.ts';
import { DetailsState } from './details.svelte.ts';
import { activity, deferred, FakeBridge, settle } from '../../test/support/fake-main-process.ts';

type Listing = Answer<'listing'>;

const longList = (...items: string[]): Listing => ({
  label: 'Projects',
  items: [...items, ...Array.from({ length: 10 }, (_, index) => `Other ${index}`)],
});

function createDetails(listing: () => Listing | Promise<Listing>) {
  const bridge = new FakeBridge({ listing, activity: () => activity() });
  const details = new DetailsState((name, question) => bridge.request(name, question), 'a1');
  return { details, bridge };
}

test('a short list has no search', async () => {
  const { details } = createDetails(() => ({ label: 'Projects', items: ['One', 'Two'] }));
  await details.load();
  details.search = 'one';
  expect(details.canSearch).toBe(false);
  expect(details.matches).toEqual(['One', 'Two']);
});

test.each([
  ['brucke', ['Brücke Süd']],
  [' BRÜCKE  ', ['Brücke Süd']],
  ['škoda', ['Skoda depot']],
  ['ﬁle', ['File store']],
  ['no such', []],
])('the search “%s” finds %j, whatever the case and the accents', async (search, matches) => {
  const { details } = createDetails(() => longList('Brücke Süd', 'Skoda depot', 'File store'));
  await details.load();
  expect(details.canSearch).toBe(true);
  details.search = search;
  expect(details.matches).toEqual(matches);
});

test('an empty search finds everything', async () => {
  const { details } = createDetails(() => longList());
  await details.load();
  details.search = '  ';
  expect(details.matches).toHaveLength(10);
});

test('Verify now runs once at a time, and loads the listing afterwards', async () => {
  const verified = deferred<void>();
  let calls = 0;
  const { details, bridge } = createDetails(() => longList());
  const verifyAccount = () => {
    calls += 1;
    return verified.promise;
  };
  void details.verify(verifyAccount);
  void details.verify(verifyAccount);
  expect(details.isVerifying).toBe(true);
  expect(bridge.questions('listing')).toEqual([]);
  verified.resolve();
  await settle();
  expect(calls).toBe(1);
  expect(details.isVerifying).toBe(false);
  expect(details.listing?.items).toHaveLength(10);
});

test('a late answer does not replace a newer one', async () => {
  const first = deferred<Listing>();
  const answers = [first.promise, Promise.resolve(longList('New'))];
  const { details } = createDetails(() => answers.shift()!);
  const slow = details.load();
  await details.load();
  first.resolve(undefined);
  await slow;
  expect(details.listing?.items[0]).toBe('New');
});

test('the activity is loaded with the listing, and again on its own', async () => {
  const { details, bridge } = createDetails(() => longList());
  expect(details.activity).toBeUndefined();
  await details.load();
  expect(details.activity).toEqual(activity());
  await details.loadActivity();
  expect(bridge.questions('activity')).toEqual([{ id: 'a1' }, { id: 'a1' }]);
  expect(bridge.questions('listing')).toHaveLength(1);
});

test('the activity stays on screen if it cannot be loaded again', async () => {
  const answers = [activity()];
  const bridge = new FakeBridge({
    listing: () => undefined,
    activity: () => answers.shift() ?? Promise.reject(new Error('broken')),
  });
  const details = new DetailsState(
    (name, question) => bridge.request(name, question).catch(() => undefined),
    'a1',
  );
  await details.load();
  await details.loadActivity();
  expect(details.activity).toEqual(activity());
});
