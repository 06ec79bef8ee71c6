import { expect, it } from 'vitest';
import { originTitle } from './origin-title.ts';

it.each([
  ['https://login.microsoftonline.com/common/x?y', 'https://login.microsoftonline.com'],
  ['http://127.0.0.1:8080/x', 'http://127.0.0.1:8080'],
])('of %s is %s', (address, title) => {
  expect(originTitle(address)).toBe(title);
});

it('shows the end of a long host, which is what tells its owner', () => {
  const title = originTitle(`https://login.microsoftonline.com.${'a'.repeat(60)}.evil.example/`);
  expect(title).toMatch(/^https:\/\/…a+\.evil\.example$/);
});
