import { expect, it } from 'vitest';
import { createBridgeWorld } from '../../test/support/bridge-world.ts';
import { PRODUCT_PAGES } from '../product-pages.ts';

it('says what runs, and under which licences', async () => {
  const { ask } = await createBridgeWorld();
  expect(await ask('about', undefined)).toEqual({
    version: '0.1.0',
    runtime: 'Electron',
    platform: 'Linux',
    licenses: [{ name: 'svelte 5.0.0 (MIT)', text: 'The MIT License' }],
  });
});

it('opens Keyvigil’s own pages by name; the popup cannot name an address', async () => {
  const { ask, opened } = await createBridgeWorld();
  await ask('openProductPage', { page: 'problems' });
  expect(opened).toEqual([PRODUCT_PAGES.problems]);
  await expect(ask('openProductPage', { page: 'https://evil.example.com' })).rejects.toThrow();
});
