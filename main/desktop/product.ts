import { arch, platform, release } from 'node:os';
import { app } from 'electron';
import type { Product } from '../bridge/report.ts';

/** The version of Keyvigil, and of what it runs on. */
export const readProduct = (): Product => ({
  version: app.getVersion(),
  runtime: `Electron ${process.versions.electron}, Chromium ${process.versions.chrome}`,
  platform: `${platform()} ${release()} ${arch()}`,
});
