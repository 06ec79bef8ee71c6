import { expect, it } from 'vitest';
import { MemoryClipboard } from '../../test/support/memory-clipboard.ts';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { HOUR_MS } from '../clock.ts';
import { SecretCopier } from './secret-copier.ts';

function setUp() {
  const clipboard = new MemoryClipboard();
  clipboard.text = 'before';
  const clock = new VirtualClock();
  const copier = new SecretCopier(clipboard, clock, (error) => {
    throw error;
  });
  return {
    clock,
    copier,
    read: () => clipboard.text,
    paste: (text: string) => void (clipboard.text = text),
  };
}

it('clears the key when its time is over, and not before', async () => {
  const { clock, copier, read } = setUp();
  await copier.copy('KEY', 45);
  await clock.advance(44_999);
  expect(read()).toBe('KEY');
  await clock.advance(1);
  expect(read()).toBe('');
});

it('clears a key at the wake-up if its time ended during sleep', async () => {
  const { clock, copier, read } = setUp();
  for (const seconds of [45, 600]) {
    await copier.copy('KEY', seconds);
    await clock.advance(5000);
    clock.sleep(8 * HOUR_MS);
    await clock.advance(3000);
    expect(read()).toBe('');
  }
});

it('does not clear what was copied since', async () => {
  const { clock, copier, read, paste } = setUp();
  await copier.copy('KEY', 45);
  paste('something else');
  await clock.advance(45_000);
  expect(read()).toBe('something else');
});

it('counts from the last copy', async () => {
  const { clock, copier, read } = setUp();
  await copier.copy('ONE', 45);
  await clock.advance(40_000);
  await copier.copy('TWO', 45);
  await clock.advance(40_000);
  expect(read()).toBe('TWO');
  await clock.advance(5000);
  expect(read()).toBe('');
});

it('clears a key at once when Keyvigil quits, and nothing else', async () => {
  const { copier, read, paste } = setUp();
  await copier.copy('KEY', 45);
  await copier.clearNow();
  expect(read()).toBe('');
  paste('theirs');
  await copier.clearNow();
  expect(read()).toBe('theirs');
});

it('clears a key that a crashed Keyvigil left behind, in whatever format it was copied', async () => {
  const { copier, read, paste } = setUp();
  paste('something else');
  await copier.clearLeftover(['A+KEY']);
  expect(read()).toBe('something else');
  for (const left of ['A+KEY', 'curl "https://n/version?hash=A%2BKEY"']) {
    paste(left);
    await copier.clearLeftover(['A+KEY']);
    expect(read()).toBe('');
  }
});
