import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from './bundle.ts';
import { runnableElectron, startApp } from './electron-process.ts';
import { say, script } from './runtime/report.ts';

/** Parts are often rebuilt together; one restart is enough for all of them. */
const settleMs = 100;

await script(async () => {
  const runtime = await runnableElectron();
  const start = () => {
    const app = startApp(runtime, process.argv.slice(2));
    // Quitting the app ends the work; an end that a restart asked for does not.
    app.once('exit', () => app === current && process.exit());
    return app;
  };
  let current: ChildProcess | undefined;
  let restarting: NodeJS.Timeout | undefined;
  let lastRestart = Promise.resolve();

  await watch((part) => {
    say(`${part} rebuilt.`);
    clearTimeout(restarting);
    // One restart after the other: a second app beside one that still ends would lose to it, and quit.
    restarting = setTimeout(() => {
      lastRestart = lastRestart.then(restart);
    }, settleMs);
  });
  current = start();

  async function restart(): Promise<void> {
    const old = current;
    current = undefined;
    if (old && old.exitCode === null && old.signalCode === null) {
      old.kill();
      // Only one instance may run: the new one would hand over to the old one and quit.
      await once(old, 'exit');
    }
    current = start();
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (current ? current.kill(signal) : process.exit()));
  }
});
