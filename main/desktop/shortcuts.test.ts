import { expect, test } from 'vitest';
import { Shortcuts } from './shortcuts.ts';

function setUp(taken: readonly string[] = []) {
  const registered = new Map<string, () => void>();
  const used: string[] = [];
  const shortcuts = new Shortcuts(
    {
      register(accelerator, action) {
        if (accelerator === 'Nonsense') throw new TypeError('conversion failure');
        if (taken.includes(accelerator) || registered.has(accelerator)) return false;
        registered.set(accelerator, action);
        return true;
      },
      unregisterAll: () => registered.clear(),
    },
    { openShortcut: () => used.push('open'), copyShortcut: () => used.push('copy') },
  );
  return { shortcuts, registered, used };
}

test('each shortcut does its own thing', () => {
  const { shortcuts, registered, used } = setUp();
  expect(shortcuts.apply({ openShortcut: 'Alt+K', copyShortcut: 'Alt+C' }).ok).toBe(true);
  registered.get('Alt+C')!();
  registered.get('Alt+K')!();
  expect(used).toEqual(['copy', 'open']);
});

test('a changed shortcut replaces the old one, and an empty one removes it', () => {
  const { shortcuts, registered } = setUp();
  shortcuts.apply({ openShortcut: 'Alt+K', copyShortcut: 'Alt+C' });
  shortcuts.apply({ openShortcut: 'Alt+J', copyShortcut: '' });
  expect([...registered.keys()]).toEqual(['Alt+J']);
});

test.each(['Alt+T', 'Nonsense', 'Alt+K'])(
  '%s, which is not available, is refused',
  (copyShortcut) => {
    const { shortcuts } = setUp(['Alt+T']);
    const applied = shortcuts.apply({ openShortcut: 'Alt+K', copyShortcut });
    expect(applied).toMatchObject({ ok: false, error: { field: 'copyShortcut' } });
  },
);

test('a shortcut that another program has taken blocks neither the other one nor a later change', () => {
  const { shortcuts, registered } = setUp(['Alt+T']);
  const stored = { openShortcut: 'Alt+T', copyShortcut: 'Alt+C' };
  shortcuts.apply(stored);
  expect([...registered.keys()]).toEqual(['Alt+C']);
  expect(shortcuts.apply({ ...stored, copyShortcut: 'Alt+D' }).ok).toBe(true);
  expect([...registered.keys()]).toEqual(['Alt+D']);
});
