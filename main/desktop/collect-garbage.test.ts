import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { collectGarbage } from './collect-garbage.ts';

it('what nothing refers to is gone', async () => {
  const unused = new WeakRef({});
  // Until then, the reference itself counts as a use.
  await setImmediate();
  collectGarbage();
  expect(unused.deref()).toBeUndefined();
});
