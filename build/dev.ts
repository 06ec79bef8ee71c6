import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from './bundle.ts';
import { runnableElectron, startApp } from './electron-process.ts';
import { say, script } from './runtime/report.ts';

/** Parts are often rebuilt together, and need only one restart. */
const RESTART_DELAY_MS = 100;

await script(async () => {
  const runtime = await runnableElectron();
  const start = () => {
    const app = startApp(runtime, process.argv.slice(2));
    // Quitting the app ends this script. The end of an app that is restarted does not.
    app.once('exit', () => app === current && process.exit());
    return app;
  };
  let current: ChildProcess | undefined;
  let restarting: NodeJS.Timeout | undefined;
  let lastRestart = Promise.resolve();

  await watch((part) => {
    say(`${part} rebuilt.`);
    clearTimeout(restarting);
    // Restarts wait for each other: an app that starts before the last one ended would quit.
    restarting = setTimeout(() => {
      lastRestart = lastRestart.then(restart);
    }, RESTART_DELAY_MS);
  });
  current = start();

  async function restart(): Promise<void> {
    const old = current;
    current = undefined;
    if (old && old.exitCode === null && old.signalCode === null) {
      old.kill();
      // Only one instance may run.
      await once(old, 'exit');
    }
    current = start();
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (current ? current.kill(signal) : process.exit()));
  }
});
