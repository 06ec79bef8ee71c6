import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createBridgeServer, type Handlers } from './server.ts';

const OURS = { url: 'app://keyvigil/index.html', isMainFrame: true };

function setUp(handlers: Partial<Handlers> = {}) {
  const asked: unknown[] = [];
  const reported: unknown[] = [];
  const all: Partial<Handlers> = {
    snapshot: () => '{}',
    removeAccount: (question) => void asked.push(question),
    ...handlers,
  };
  const answer = createBridgeServer(all as Handlers, (error) => reported.push(error));
  return { answer, asked, reported };
}

describe('the bridge', () => {
  it('answers its own page', async () => {
    expect(await setUp().answer(OURS, 'snapshot', undefined)).toBe('{}');
  });

  it.each([
    { url: 'https://example.com/', isMainFrame: true },
    { url: 'app://keyvigil.evil/index.html', isMainFrame: true },
    { url: 'file:///index.html', isMainFrame: true },
    { url: '', isMainFrame: true },
    { url: OURS.url, isMainFrame: false },
  ])('refuses any other: %j', async (sender) => {
    const { answer, asked } = setUp();
    await expect(answer(sender, 'removeAccount', { id: 'account-1' })).rejects.toThrow('Refused');
    expect(asked).toEqual([]);
  });

  it('refuses what the contract does not name, whatever it is called', async () => {
    const { answer } = setUp();
    await expect(answer(OURS, 'constructor', {})).rejects.toThrow('Refused');
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (name) => {
        fc.pre(name !== 'snapshot');
        await expect(answer(OURS, name, { id: 1 })).rejects.toThrow('Refused');
      }),
    );
  });

  it('refuses more values than any form has', async () => {
    const signIn = vi.fn<Handlers['signIn']>();
    const { answer } = setUp({ signIn });
    const entries = Array.from({ length: 20_000 }, (_, index) => [`field${index}`, 'x']);
    const question = { id: 'account-1', values: Object.fromEntries(entries) };
    await expect(answer(OURS, 'signIn', question)).rejects.toThrow('Refused');
    expect(signIn).not.toHaveBeenCalled();
  });

  it('never lets a question through that does not fit', async () => {
    const { answer, asked } = setUp();
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (question) => {
        const { id } = (question ?? {}) as { id?: unknown };
        fc.pre(!(typeof id === 'string' && id.length > 0 && id.length <= 64));
        await expect(answer(OURS, 'removeAccount', question)).rejects.toThrow('does not fit');
      }),
    );
    expect(asked).toEqual([]);
  });

  it('drops what the contract does not know, from questions and answers', async () => {
    const leaky = { clearsInSeconds: 45, key: 'SECRET' };
    const { answer, asked } = setUp({ copyLocalAddress: () => ({ ok: true, value: leaky }) });
    const copied = await answer(OURS, 'copyLocalAddress', { id: 'account-1' });
    expect(copied).toEqual({ ok: true, value: { clearsInSeconds: 45 } });
    await answer(OURS, 'removeAccount', { id: 'account-1', more: true });
    expect(asked).toEqual([{ id: 'account-1' }]);
  });

  it('reports an error in the log, and not to the page', async () => {
    const { answer, reported } = setUp({
      removeAccount: () => {
        throw new Error('SECRET');
      },
    });
    const error = await answer(OURS, 'removeAccount', { id: 'a' }).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).not.toContain('SECRET');
    expect((error as Error).cause).toBeUndefined();
    expect(reported).toHaveLength(1);
  });
});
