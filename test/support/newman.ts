import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

export const POSTMAN_SCHEMA =
  'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
const NEWMAN = join(import.meta.dirname, '../../node_modules/newman/bin/newman.js');

interface Report {
  readonly run: {
    readonly executions: readonly {
      readonly response: { readonly code: number; readonly stream: { readonly data: number[] } };
    }[];
  };
}

/** Sends each request of a Postman collection `times` times. @throws if newman fails */
export async function newman(
  collection: string,
  { times = 1, environment }: { readonly times?: number; readonly environment?: string } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-newman-'));
  try {
    const write = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const report = join(folder, 'report.json');
    const ran = await runProgram([
      ...[process.execPath, NEWMAN, 'run', write('collection.json', collection)],
      ...(environment === undefined ? [] : ['-e', write('environment.json', environment)]),
      ...['--iteration-count', String(times)],
      ...['--reporters', 'json', '--reporter-json-export', report],
    ]);
    if (ran.status !== 0) throw new Error(`newman exited with ${ran.status}: ${ran.stderr}`);
    const { run } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    return run.executions.map(({ response: { code, stream } }) => ({
      code,
      body: JSON.parse(Buffer.from(stream.data).toString()) as unknown,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
