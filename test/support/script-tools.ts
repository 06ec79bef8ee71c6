import { ensureCommands, scriptTools } from '../../build/runtime/packages.ts';

/** Installs the tools before the workers start, because apt-get cannot serve several callers at a time. */
export default async function setup(): Promise<void> {
  await ensureCommands(scriptTools);
}
