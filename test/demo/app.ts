import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication } from '@playwright/test';
import { atExit } from '../../build/runtime/at-exit.ts';
import { electronRuntime, type ElectronRuntime } from '../../build/runtime/index.ts';
import { ensureLibraries } from '../../build/runtime/packages.ts';
import { ALLOW_OLD_ELECTRON } from '../../main/desktop/old-electron.ts';
import type { Entra } from '../simulators/entra.ts';
import { freePort } from '../support/free-port.ts';
import { launchElectron } from '../support/launch-electron.ts';

export const project = join(import.meta.dirname, '../..');

export async function findElectron(): Promise<ElectronRuntime> {
  const electron = await electronRuntime();
  await ensureLibraries(electron.executable);
  return electron;
}

/** Makes a folder that is removed when the demo ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-demo-'));
  atExit(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

export interface Demo {
  readonly app: ElectronApplication;
  readonly profile: string;
}

/** Starts the built app on a fresh profile, with a simulated sign-in of Microsoft. */
export async function launch(
  { executable, args }: ElectronRuntime,
  { origin }: Entra,
  env: NodeJS.ProcessEnv,
  ...more: string[]
): Promise<Demo> {
  const profile = temporaryFolder();
  // Take a free port: the user's own Keyvigil may run too.
  const settings = { localAddressPort: await freePort() };
  writeFileSync(join(profile, 'settings.json'), JSON.stringify(settings));
  const app = await launchElectron({
    executablePath: executable,
    args: [...args, project, `--user-data-dir=${profile}`, ...more],
    env: {
      ...(env as Record<string, string>),
      KEYVIGIL_ENTRA_ORIGIN: origin,
      [ALLOW_OLD_ELECTRON]: '1',
      // The story looks for English words.
      LANG: 'en_US.UTF-8',
      LANGUAGE: 'en',
    },
    // Without this line, Playwright would make the app light even on a dark desktop.
    colorScheme: null,
  });
  return { app, profile };
}
