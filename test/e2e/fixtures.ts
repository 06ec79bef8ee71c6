import { expect, test as base } from '@playwright/test';
import type { ElectronRuntime } from '../../build/runtime/index.ts';
import type { Entra } from '../simulators/entra.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import type { RibCx } from '../simulators/rib-cx.ts';
import { searchFolder } from '../support/canary.ts';
import { startDesktop, type DesktopSession } from '../support/desktop-session.ts';
import { noteSearch } from './canary-count.ts';
import { Keyvigil, type LaunchOptions } from './keyvigil.ts';
import type { AccountRow, FilledForm, Popup } from './popup.ts';
import { startCx, startMicrosoft, startNexus } from './servers.ts';

export { expect };

export const test = base.extend<
  { nexus: NexusIc; entra: Entra; ribCx: RibCx; keyvigil: Keyvigil },
  { desktop: DesktopSession; withPanel: boolean }
>({
  withPanel: [false, { option: true, scope: 'worker' }],
  // Each worker has its own desktop: two popups on one desktop would take the focus from each other, and close.
  desktop: [
    async ({ withPanel }, use) => {
      const desktop = await startDesktop({ panel: withPanel });
      await use(desktop);
      // Search the home folder for secrets: all runs of this worker shared its keyrings and caches.
      const { files, hits } = searchFolder(desktop.env['HOME'] ?? '');
      noteSearch(files);
      await desktop.stop();
      expect(hits).toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  nexus: async ({}, use) => {
    const nexus = await startNexus();
    await use(nexus);
    await nexus.stop();
  },
  entra: async ({}, use) => {
    const entra = await startMicrosoft();
    await use(entra);
    await entra.stop();
  },
  ribCx: async ({ entra }, use) => {
    const ribCx = await startCx(entra);
    await use(ribCx);
    await ribCx.stop();
  },
  keyvigil: ({ desktop }, use) => useKeyvigil(desktop, use),
});

/** Makes an app that the test can launch. After the test, searches everything that the app wrote for secrets. */
export async function useKeyvigil(
  desktop: DesktopSession,
  use: (keyvigil: Keyvigil) => Promise<void>,
): Promise<void> {
  // global-setup.ts sets this variable.
  const runtime = process.env['KEYVIGIL_TEST_ELECTRON'] ?? '';
  const keyvigil = new Keyvigil(JSON.parse(runtime) as ElectronRuntime, desktop.env);
  await use(keyvigil);
  await keyvigil.end();
  const { files, hits } = keyvigil.searchSecrets();
  keyvigil.removeFiles();
  noteSearch(files);
  expect(hits).toEqual([]);
}

/** Launches Keyvigil, adds one account, and waits until it is live. */
export async function launchSignedIn(
  keyvigil: Keyvigil,
  form: FilledForm,
  options?: LaunchOptions,
): Promise<{ popup: Popup; account: AccountRow }> {
  await keyvigil.launch(options);
  const popup = await keyvigil.popup();
  const account = await popup.addAccount(form);
  await account.shows('Live');
  return { popup, account };
}
