import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import PQueue from 'p-queue';
import type { RequestRate } from './counting-server.ts';
import type { FleetOptions } from './fleet.ts';
import type { OfficeOptions, OfficeResult } from './office.ts';
import type { Result, SimulationOptions } from './simulate.ts';

export type AppName = 'Keyvigil' | 'setInterval';

export type Job =
  | ({ readonly kind: 'world'; readonly app: AppName } & Pick<
      SimulationOptions,
      'seed' | 'accounts' | 'days' | 'rest'
    >)
  | ({ readonly kind: 'fleet' } & FleetOptions)
  | ({ readonly kind: 'office' } & OfficeOptions);

interface JobResults {
  readonly world: Result;
  readonly fleet: readonly RequestRate[];
  readonly office: OfficeResult;
}
type JobResult<J extends Job> = JobResults[J['kind']];

export type WorkerMessage =
  | { readonly kind: 'day'; readonly day: number }
  | { readonly kind: 'result'; readonly result: JobResults[Job['kind']] };

const queue = new PQueue({ concurrency: availableParallelism() });

/** Runs a job in a worker thread. As many jobs run at once as there are processors. */
export function runJob<J extends Job>(
  job: J,
  onDay: (day: number) => void = () => {},
): Promise<JobResult<J>> {
  return queue.add(
    () =>
      new Promise<JobResult<J>>((resolve, reject) => {
        const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: job });
        worker.on('error', reject);
        worker.on('message', (message: WorkerMessage) => {
          if (message.kind === 'day') onDay(message.day);
          else resolve(message.result as JobResult<J>);
        });
      }),
  );
}
