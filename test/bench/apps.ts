/** Packages the two apps that the bench compares: Keyvigil, and the floor, which is the smallest possible tray app. */
import { cpSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../../build/bundle.ts';
import { packThisElectron, runBuilder } from '../../build/package/builder.ts';
import type { ElectronRuntime } from '../../build/runtime/index.ts';

const FLOOR = join(import.meta.dirname, 'floor');
const ICON = join(import.meta.dirname, '../../build/icons/tray-live.png');

export interface Apps {
  readonly keyvigil: string;
  readonly floor: string;
  readonly asarBytes: number;
}

/** Packages both apps below `folder`. */
export async function packageApps(runtime: ElectronRuntime, folder: string): Promise<Apps> {
  await build();
  const electron = join(folder, 'electron');
  const arguments_ = await packThisElectron(runtime, electron);
  await runBuilder([
    ...['--linux', 'dir', `--${process.arch}`, ...arguments_],
    `-c.directories.output=${folder}`,
  ]);
  // The folder `electron` still holds an Electron without an app, so the floor becomes its app.
  const floorApp = join(electron, 'resources/app');
  mkdirSync(floorApp);
  cpSync(FLOOR, floorApp, { recursive: true });
  cpSync(ICON, join(floorApp, 'icon.png'));
  const keyvigil = join(folder, 'linux-unpacked');
  return {
    keyvigil: join(keyvigil, 'keyvigil'),
    floor: join(electron, 'electron'),
    asarBytes: statSync(join(keyvigil, 'resources/app.asar')).size,
  };
}
