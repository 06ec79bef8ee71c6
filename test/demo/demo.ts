/**
 * `npm run demo`: Keyvigil on a fresh profile with NEXUS IC, RIB CX and Microsoft's sign-in simulated on this machine. With a display
 * it is there to be clicked; without one it shows itself, on a desktop of its own, and leaves pictures in demo/.
 */
import { build } from '../../build/bundle.ts';
import { hasDisplay } from '../../build/display.ts';
import { allTools, ensureCommands } from '../../build/runtime/packages.ts';
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
      // All at once: each asked for when it is needed would be one more wait for apt-get.
      await ensureCommands(allTools);
      await tellStory(electron, servers);
    }
  } finally {
    await stopServers(servers);
  }
});
