import fc from 'fast-check';
import { expect, it } from 'vitest';
import { KeyMask } from './key-mask.ts';

const KEY = 'ABAB1';

function masked(...chunks: string[]): string {
  const mask = new KeyMask(KEY);
  const sent = chunks.map((chunk) => mask.next(Buffer.from(chunk)));
  return String(Buffer.concat([...sent, mask.end()]));
}

it('a key is hidden wherever a server repeats it, also across chunks', () => {
  expect(masked('<a href="?hash=ABA', 'B1">', 'ABAB', '1ABAB1')).toBe(
    '<a href="?hash=*****">**********',
  );
});

it('everything else passes as it is, however it is cut', () => {
  const part = fc.constantFrom('A', 'B', '1', 'AB', KEY, 'é', '\n');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (chunks) => {
      expect(masked(...chunks)).toBe(chunks.join('').replaceAll(KEY, '*****'));
    }),
  );
});

it.each([
  ['A%2B%2F%3D', 'in an address'],
  ['A%2b%2f%3d', 'in an address of .NET'],
  ['A+\\/=', 'in JSON of PHP'],
  ['A\\u002B/=', 'in JSON of .NET'],
  ['A\\u002b\\u002f\\u003d', 'in JSON that escapes every special character'],
])('a key is hidden as %s too, as it stands %s, also across chunks', (written) => {
  const text = `{"key":"${written}","A%2":"A+"}`;
  for (let cut = 0; cut <= text.length; cut++) {
    const mask = new KeyMask('A+/=');
    const parts = [text.slice(0, cut), text.slice(cut)].map((part) => mask.next(Buffer.from(part)));
    expect(String(Buffer.concat([...parts, mask.end()]))).toBe(
      `{"key":"${'*'.repeat(written.length)}","A%2":"A+"}`,
    );
  }
});

it('what cannot be the beginning of a key is not held back', () => {
  expect(String(new KeyMask(KEY).next(Buffer.from('event: 1\n\n')))).toBe('event: 1\n\n');
});
