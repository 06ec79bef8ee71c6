/**
 * Runs `npm run demo`: Keyvigil on a fresh profile, with all its servers simulated on this machine. With a display, the user
 * tries Keyvigil. Without a display, Keyvigil shows itself on its own desktop, and pictures are left in demo/.
 */
import { build } from '../../build/bundle.ts';
import { hasDisplay } from '../../build/display.ts';
import { demoTools, ensureCommands } from '../../build/runtime/packages.ts';
import { script } from '../../build/runtime/report.ts';
import { findElectron } from './app.ts';
import { handOver } from './hands-on.ts';
import { startServers, stopServers } from './servers.ts';
import { tellStory } from './story.ts';

await script(async () => {
  const electron = await findElectron();
  await build();
  const servers = await startServers();
  try {
    if (hasDisplay()) await handOver(electron, servers);
    else {
      // Install all tools in one call, because each call of apt-get takes long.
      await ensureCommands(demoTools);
      await tellStory(electron, servers);
    }
  } finally {
    await stopServers(servers);
  }
});
