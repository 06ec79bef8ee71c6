/** Runs one job in a worker thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { runFleet } from './fleet.ts';
import { IntervalApp } from './interval-app.ts';
import type { Job, WorkerMessage } from './jobs.ts';
import { runOffice } from './office.ts';
import { simulate } from './simulate.ts';

const job = workerData as Job;
const post = (message: WorkerMessage) => parentPort?.postMessage(message);

switch (job.kind) {
  case 'fleet':
    post({ kind: 'result', result: await runFleet(job) });
    break;
  case 'office':
    post({ kind: 'result', result: await runOffice(job) });
    break;
  case 'world': {
    const { app, seed, accounts, days, rest } = job;
    const result = await simulate({
      seed,
      accounts,
      days,
      rest,
      ...(app === 'setInterval' && { createApp: (deps) => new IntervalApp(deps) }),
      onDay: (day) => post({ kind: 'day', day }),
    });
    post({ kind: 'result', result });
  }
}
