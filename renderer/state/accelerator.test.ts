import { expect, test } from 'vitest';
import { toAccelerator } from './accelerator.ts';

const NONE = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

test.each([
  [{ key: 'K', code: 'KeyK', ctrlKey: true, shiftKey: true }, 'Control+Shift+K'],
  // On a German keyboard, the key Z is where a US keyboard has Y.
  [{ key: 'z', code: 'KeyY', ctrlKey: true, altKey: true }, 'Control+Alt+Z'],
  // On a French keyboard, the key A is where a US keyboard has Q.
  [{ key: 'a', code: 'KeyQ', ctrlKey: true }, 'Control+A'],
  // On macOS, Option turns the key 1 into this character.
  [{ key: '¡', code: 'Digit1', altKey: true }, 'Alt+1'],
  [{ key: ' ', code: 'Space', metaKey: true }, 'Super+Space'],
  [{ key: 'ArrowUp', code: 'ArrowUp', altKey: true }, 'Alt+Up'],
  [{ key: 'F9', code: 'F9' }, 'F9'],
  [{ key: 'k', code: 'KeyK' }, undefined],
  [{ key: 'K', code: 'KeyK', shiftKey: true }, undefined],
  [{ key: 'Control', code: 'ControlLeft', ctrlKey: true }, undefined],
])('%o is the shortcut %s', (keys, accelerator) => {
  expect(toAccelerator({ ...NONE, ...keys })).toBe(accelerator);
});
