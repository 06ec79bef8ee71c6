import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

it('removes an object that nothing refers to', async () => {
  const unused = new WeakRef({});
  // Until the current turn of the event loop ends, the target of a new WeakRef counts as used.
  await setImmediate();
  collectGarbage();
  expect(unused.deref()).toBeUndefined();
});
