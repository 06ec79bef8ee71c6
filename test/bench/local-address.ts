import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, get, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from '../../build/bundle.ts';
import { electronRuntime } from '../../build/runtime/index.ts';
import { ensureLibraries } from '../../build/runtime/packages.ts';
import { Keyvigil } from '../e2e/keyvigil.ts';
import { nexusAccount, startNexus, USER } from '../e2e/servers.ts';
import type { NexusIc } from '../simulators/nexus-ic.ts';
import { USERS } from '../support/account-world.ts';
import { startDesktop } from '../support/desktop-session.ts';
import { freePort } from '../support/free-port.ts';
import { withTables } from '../support/with-tables.ts';
import { percentile, spreadOf, type Figure } from './figure.ts';
import { processesOf, pssMiB } from './processes.ts';

const MB = 1024 * 1024;
const PAIRS = 1000;
const DOWNLOADS = 15;
const CLIENTS = 100;
const REQUESTS = 10_000;
const AT_ONCE = 50;
/**
 * The wait before memory is measured. Some time after the last request, the server closes the unused connections, and V8
 * collects its garbage.
 */
const REST_MS = 70_000;
const IN_APP = 'in the app';

/** A local address in a process of its own, which the bench measures. */
interface Subject {
  readonly name: string;
  readonly address: string;
  /** The ids of all its processes. */
  pids(): readonly number[];
  stop(): Promise<void>;
}

/** Measures the local address in turns with direct requests: first in the running app, then on plain Node. */
export async function benchLocalAddress(): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const start of [startApp, startNode]) {
    const nexus = await startNexus({ keepAlive: true, users: [USER, ...USERS] });
    const server = await withTables(nexus.origin, table(nexus));
    const bare = await startBare(server.origin);
    const subject = await start(server.origin, nexus);
    try {
      figures.push(...(await measure(subject, nexus, server.origin, bare.address)));
    } finally {
      await Promise.all([subject.stop(), bare.stop()]);
      await Promise.all([server.stop(), nexus.stop()]);
    }
  }
  return figures;
}

/** Answers at once, with a page of rows, or with as many megabytes as the request asks for. */
function table(nexus: NexusIc): RequestListener {
  const rows = JSON.stringify({
    rows: Array.from({ length: 10 }, (_, i) => ({ Name: `Row ${i}` })),
  });
  const chunk = Buffer.alloc(MB, 'x');
  return (request, response) => {
    const { searchParams } = new URL(request.url!, nexus.origin);
    if (!nexus.sessions.has(searchParams.get('hash') ?? '')) return response.writeHead(401).end();
    response.setHeader('content-type', 'application/json');
    let left = Number(searchParams.get('megabytes') ?? 0);
    if (left === 0) return response.end(rows);
    const write = () => {
      while (left-- > 0) if (!response.write(chunk)) return response.once('drain', write);
      return response.end();
    };
    return write();
  };
}

async function measure(
  { name, address, pids }: Subject,
  nexus: NexusIc,
  origin: string,
  bareOrigin: string,
) {
  await delay(REST_MS);
  const measured = pids();
  const before = pssMiB(measured);
  const local = `${address}/bo/Workpack/?x`;
  const direct = (at = origin) =>
    `${at}${new URL(nexus.baseUrl).pathname}/bo/Workpack/?hash=${[...nexus.sessions.keys()][0]}`;

  const added: number[] = [];
  for (let i = 0; i < PAIRS + 100; i++) {
    const directMs = await timeOf(direct());
    const localMs = await timeOf(local);
    // The first requests only warm up.
    if (i >= 100) added.push(localMs - directMs);
  }

  const download = (url: string) => timeOf(`${url}&megabytes=100`, 100 * MB);
  const ratios: number[] = [];
  const bareRatios: number[] = [];
  for (let i = 0; i < DOWNLOADS; i++) {
    const directMs = await download(direct());
    ratios.push(directMs / (await download(local)));
    bareRatios.push(directMs / (await download(direct(bareOrigin))));
  }

  let errors = 0;
  const client = async () => {
    for (let i = 0; i < REQUESTS / CLIENTS; i++) await timeOf(local).catch(() => errors++);
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const seconds = (performance.now() - started) / 1000;
  const grown = () => {
    if (String(pids()) !== String(measured)) throw new Error('The app has other processes now.');
    return pssMiB(measured) - before;
  };
  const grownAtOnce = grown();
  await delay(REST_MS);
  const grownAfterRest = grown();

  const loginsBefore = nexus.loginRequests;
  nexus.forgetSessions();
  const all = await Promise.allSettled(Array.from({ length: AT_ONCE }, () => timeOf(local)));
  const right = all.filter(({ status }) => status === 'fulfilled').length;

  // Only the app must keep these limits. On plain Node, answers go through web streams, which are slower and leave more garbage.
  const inApp = (limit: Figure['limit']) => (name === IN_APP ? limit : undefined);
  const figure = (what: string, value: number, unit: string, limit?: Figure['limit']): Figure => ({
    name: `local address ${name}: ${what}`,
    value,
    unit,
    ...(limit && { limit }),
  });
  return [
    figure('added, median', percentile(added, 0.5), 'ms', { max: 3 }),
    figure('added, 95th percentile', percentile(added, 0.95), 'ms', { max: 8 }),
    {
      ...figure('100 MB beside direct', percentile(ratios, 0.5), 'times', inApp({ min: 0.7 })),
      spread: spreadOf(ratios),
    },
    {
      ...figure('100 MB through a bare proxy', percentile(bareRatios, 0.5), 'times'),
      spread: spreadOf(bareRatios),
    },
    figure('errors of 10,000 from 100 clients', errors, '', { max: 0 }),
    figure('these requests', REQUESTS / seconds, 'per s'),
    figure('memory at the end of these', grownAtOnce, 'MB more'),
    figure('memory after a rest', grownAfterRest, 'MB more', inApp({ max: 20 })),
    figure('logins for 50 at once, expired', nexus.loginRequests - loginsBefore, '', { max: 1 }),
    figure('right answers to these 50', right, '', { min: AT_ONCE }),
  ];
}

const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });

/**
 * @returns the milliseconds until the whole answer was there
 * @throws if the answer is not 200, or is shorter than `minBytes`
 */
async function timeOf(url: string, minBytes = 1): Promise<number> {
  const started = performance.now();
  await new Promise<void>((resolve, reject) => {
    const request = get(url, { agent }, (answer) => {
      let bytes = 0;
      answer.on('data', (data: Buffer) => (bytes += data.length));
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode === 200 && bytes >= minBytes) resolve();
        else reject(new Error(`${answer.statusCode}, ${bytes} bytes`));
      });
    });
    request.on('error', reject);
  });
  return performance.now() - started;
}

async function startApp(origin: string): Promise<Subject> {
  const runtime = await electronRuntime();
  await ensureLibraries(runtime.executable);
  await build();
  const desktop = await startDesktop();
  const keyvigil = new Keyvigil(runtime, desktop.env);
  await keyvigil.launch();
  const popup = await keyvigil.popup();
  const form = nexusAccount({ origin } as NexusIc);
  const account = await popup.addAccount(form);
  await account.item.filter({ hasText: 'Live' }).waitFor();
  await account.choose('Details');
  // Another Keyvigil on this machine may use the usual port.
  await popup.changeSettings({ localAddressPort: await freePort() });
  await popup.page.getByRole('checkbox', { name: 'Local address' }).check();
  await popup.button('Copy address').click();
  await popup.status.filter({ hasText: 'Copied' }).waitFor();
  const address = await keyvigil.clipboard();
  // Destroy the popup now. The app would destroy the hidden popup some minutes later, in the middle of the measurements.
  await keyvigil.app.evaluate(({ BrowserWindow }) => {
    for (const window of BrowserWindow.getAllWindows()) window.destroy();
  });
  return {
    name: IN_APP,
    address,
    pids: () => processesOf(keyvigil.app.process().pid!),
    async stop() {
      await keyvigil.end();
      keyvigil.removeFiles();
      await desktop.stop();
    },
  };
}

function startNode(origin: string, nexus: NexusIc): Promise<Subject> {
  const base = origin + new URL(nexus.baseUrl).pathname;
  return startScript('on Node', 'local-address-on-node.ts', base);
}

const startBare = (origin: string) => startScript('bare proxy', 'bare-proxy.ts', origin);

/** Starts a script that sends its address. */
async function startScript(name: string, file: string, argument: string): Promise<Subject> {
  const child = fork(join(import.meta.dirname, file), [argument]);
  const [address] = (await once(child, 'message')) as [string];
  return {
    name,
    address,
    pids: () => [child.pid!],
    async stop() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
