import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from './bundle.ts';
import { runnableElectron, startApp } from './electron-process.ts';
import { say, script } from './runtime/report.ts';

/** Several parts are often rebuilt together, and need only one restart. */
const RESTART_DELAY_MS = 100;

await script(async () => {
  const runtime = await runnableElectron();
  const start = () => {
    const app = startApp(runtime, process.argv.slice(2));
    // When the user quits the app, end this script. A restart clears `current` first, so that the script goes on.
    app.once('exit', () => app === current && process.exit());
    return app;
  };
  let current: ChildProcess | undefined;
  let restarting: NodeJS.Timeout | undefined;
  let lastRestart = Promise.resolve();

  await watch((part) => {
    say(`${part} rebuilt.`);
    clearTimeout(restarting);
    // Each restart waits for the last one, because an app that starts while the old app runs quits at once.
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
      // Only one instance may run, so wait for the old app to end.
      await once(old, 'exit');
    }
    current = start();
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (current ? current.kill(signal) : process.exit()));
  }
});
