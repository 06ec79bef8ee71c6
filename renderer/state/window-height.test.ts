import { expect, test } from 'vitest';
import { WindowHeight } from './window-height.svelte.ts';

test('the window is as high as the content or the highest overlay, up to 600', () => {
  const height = new WindowHeight();
  height.content = 140;
  expect(height.total).toBe(140);
  height.overlays.set('menu', 320.5);
  expect(height.total).toBe(321);
  height.content = 900;
  expect(height.total).toBe(600);
});
