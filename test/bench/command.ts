import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build/bundle.ts';
import { electronRuntime } from '../../build/runtime/index.ts';
import { demoTools, ensureCommands, ensureLibraries } from '../../build/runtime/packages.ts';
import { Keyvigil } from '../e2e/keyvigil.ts';
import { nexusAccount, startNexus } from '../e2e/servers.ts';
import { startDesktop } from '../support/desktop-session.ts';
import { SCRIPT } from '../support/run-program.ts';
import { percentile, type Figure } from './figure.ts';

const TIMES = 200;

/**
 * Measures `keyvigil key` on the running app, for a session that was just verified. Each run takes turns with a bare curl to a
 * local socket, to compare both times.
 */
export async function benchCommand(): Promise<readonly Figure[]> {
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  await ensureCommands(demoTools);
  await build();
  const [desktop, nexus, bare] = await Promise.all([startDesktop(), startNexus(), startBare()]);
  const keyvigil = new Keyvigil(runtime, desktop.env);
  try {
    const { name } = await signIn(keyvigil, nexus);
    const env = { ...keyvigil.environment(), KEYVIGIL_PROFILE: keyvigil.profile };
    const ours = [SCRIPT, 'key', name];
    const curl = ['curl', '-q', '-s', '--unix-socket', bare.path, 'http://bare/'];
    const times = { ours: [] as number[], curl: [] as number[] };
    for (let time = 0; time < TIMES; time++) {
      // Verify the session now and then, so that each key is fresh.
      if (time % 50 === 0) await keyvigil.command('verify', name);
      times.curl.push(await measure(curl, env));
      times.ours.push(await measure(ours, env));
    }
    const [ourMedian, curlMedian] = [percentile(times.ours, 0.5), percentile(times.curl, 0.5)];
    return [
      { name: 'keyvigil key, median', value: ourMedian, unit: 'ms', limit: { max: 30 } },
      { name: 'keyvigil key, 95th percentile', value: percentile(times.ours, 0.95), unit: 'ms' },
      { name: 'a bare curl to a local socket, median', value: curlMedian, unit: 'ms' },
      {
        name: 'keyvigil key beside the bare curl',
        value: ourMedian / curlMedian,
        unit: 'times',
        limit: { max: 1.5 },
      },
    ];
  } finally {
    await keyvigil.end();
    keyvigil.removeFiles();
    bare.stop();
    await Promise.all([desktop.stop(), nexus.stop()]);
  }
}

async function signIn(keyvigil: Keyvigil, nexus: Awaited<ReturnType<typeof startNexus>>) {
  const form = nexusAccount(nexus);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  const account = await popup.addAccount(form);
  await account.item.filter({ hasText: 'Live' }).waitFor();
  await account.choose('Details');
  await popup.page.getByRole('checkbox', { name: 'Scripts may use this account' }).check();
  await popup.page.keyboard.press('Escape');
  return form;
}

/** Starts a server that answers at once. */
async function startBare() {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-bench-'));
  const path = join(folder, 'socket');
  const server = createServer((_request, response) => response.end('bare\n'));
  await once(server.listen(path), 'listening');
  return {
    path,
    stop() {
      server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * @returns the milliseconds from the start of a process to its exit
 * @throws if the process fails
 */
async function measure([command, ...args]: readonly string[], env: NodeJS.ProcessEnv) {
  const started = performance.now();
  const child = spawn(command!, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [status] = (await once(child, 'exit')) as [number | null];
  const took = performance.now() - started;
  if (status !== 0) throw new Error(`${command} exited with ${status}.`);
  return took;
}
