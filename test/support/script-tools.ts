import { ensureCommands, scriptTools } from '../../build/runtime/packages.ts';

/** Installed before the workers start, because apt-get cannot serve several at a time. */
export default async function setup(): Promise<void> {
  await ensureCommands(scriptTools);
}
