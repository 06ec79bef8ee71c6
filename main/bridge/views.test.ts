import { expect, it, vi } from 'vitest';
import { createWorld } from '../../test/support/account-world.ts';
import { nexusIc } from '../systems/nexus-ic/index.ts';
import { accountView } from './views.ts';

it('the view of an account needs no client', async () => {
  const connect = vi.fn(nexusIc.connect);
  const { add } = await createWorld({ systems: [{ ...nexusIc, connect }] });
  const account = await add();
  connect.mockClear();
  expect(accountView(account, (time) => time, [])).toMatchObject({ state: 'live' });
  expect(connect).not.toHaveBeenCalled();
});
