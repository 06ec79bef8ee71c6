/**
 * `npm run demo`: Keyvigil on a fresh profile with a simulated NEXUS IC on this machine. With a display it is there to be
 * clicked; without one it shows itself, on a desktop of its own, and leaves pictures in demo/.
 */
import { build } from '../../build/bundle.ts';
import { hasDisplay } from '../../build/display.ts';
import { script } from '../../build/runtime/report.ts';
import { startNexusIc } from '../simulators/nexus-ic.ts';
import { USER } from './accounts.ts';
import { findElectron } from './app.ts';
import { handOver } from './hands-on.ts';
import { tellStory } from './story.ts';

await script(async () => {
  const electron = await findElectron();
  await build();
  // A copy: what happens on the server must not change what the demo goes by.
  const nexus = await startNexusIc({ clock: { now: () => Date.now() }, users: [{ ...USER }] });
  try {
    if (hasDisplay()) await handOver(electron, nexus);
    else await tellStory(electron, nexus);
  } finally {
    await nexus.stop();
  }
});
