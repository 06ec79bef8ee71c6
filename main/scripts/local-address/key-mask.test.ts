import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyMask } from './key-mask.ts';

const KEY = 'ABAB1';

const masked = (...chunks: string[]) =>
  text(Readable.from(chunks.map((chunk) => Buffer.from(chunk))).pipe(new KeyMask(KEY)));

it('a key is hidden wherever a server repeats it, also across chunks', async () => {
  expect(await masked('<a href="?hash=ABA', 'B1">', 'ABAB', '1ABAB1')).toBe(
    '<a href="?hash=*****">**********',
  );
});

it('everything else passes as it is, however it is cut', async () => {
  const part = fc.constantFrom('A', 'B', '1', 'AB', KEY, 'é', '\n');
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (chunks) => {
      expect(await masked(...chunks)).toBe(chunks.join('').replaceAll(KEY, '*****'));
    }),
  );
});

it('what cannot be the beginning of a key is not held back', async () => {
  const mask = new KeyMask(KEY);
  mask.write('event: 1\n\n');
  expect(String(mask.read())).toBe('event: 1\n\n');
});
