import { afterEach, expect, test, vi } from 'vitest';
import { m } from '../../main/messages/index.ts';
import { createPopup, deferred, settle, snapshot } from '../../test/support/fake-main-process.ts';

afterEach(() => void vi.restoreAllMocks());

test('a snapshot that was pushed first is newer than the answer to the first request', async () => {
  const answer = deferred<string>();
  const { main, bridge } = await createPopup({ snapshot: () => answer.promise });
  bridge.sendSnapshot(snapshot({ version: 'newer' }));
  answer.resolve(JSON.stringify(snapshot({ version: 'older' })));
  await settle();
  expect(main.snapshot?.version).toBe('newer');
});

test('a failed request is shown to the user and not thrown', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const { main, messages } = await createPopup({
    verify: () => Promise.reject(new Error('broken')),
  });
  expect(await main.ask('verify', { id: 'a1' })).toBeUndefined();
  expect(messages.alert?.text).toBe(m.request_failed());
});
