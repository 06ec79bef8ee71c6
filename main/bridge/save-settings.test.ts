import { expect, test } from 'vitest';
import { createBridgeWorld } from '../../test/support/bridge-world.ts';
import { DEFAULT_SETTINGS } from '../storage/settings.ts';

test('a setting that cannot be stored counts until Keyvigil quits; the user is told, and the log says why', async () => {
  const { ask, settings, reported } = await createBridgeWorld({ isDiskFull: true });
  const changed = { ...DEFAULT_SETTINGS, clearOnLock: true };
  expect(await ask('saveSettings', changed)).toEqual({ ok: true, value: undefined });
  expect(settings()).toEqual(changed);
  const { notices } = JSON.parse((await ask('snapshot', undefined)) as string) as {
    notices: { text: string }[];
  };
  expect(notices.map(({ text }) => text)).toEqual([
    expect.stringContaining('could not save a change'),
  ]);
  expect(reported.map(String)).toEqual(['Error: ENOSPC: no space left on device']);
});
