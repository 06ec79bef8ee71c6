/** Tests the installed programs that people use, against servers that restart and forget their sessions all the time. */
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCommands } from '../../build/runtime/packages.ts';
import type { Account } from '../../main/sessions/account.ts';
import type { ExampleCall } from '../../main/systems/system.ts';
import { newman, POSTMAN_SCHEMA } from '../support/newman.ts';
import { runProgram, type Ran } from '../support/run-program.ts';
import { createScriptsWorld, type ScriptsWorld } from '../support/scripts-world.ts';

const TIMES = 6;

let world: ScriptsWorld;
let python: string;
/** Counts the requests through the local address since the last disturbance. */
let undisturbed = 0;
let isRestart = false;

beforeAll(async () => {
  ({ python3: python } = await ensureCommands(['curl', 'python3', 'python-requests']));
  world = await createScriptsWorld({
    // Disturb the servers after Keyvigil has taken the key, but before it sends the request.
    beforeRequest: async () => {
      if (++undisturbed === 3) await disturb();
    },
  });
});
afterAll(async () => {
  const { nexus, ribCx, reported } = world;
  expect(reported).toEqual([]);
  // Only Keyvigil saw these refusals. No program did.
  expect(nexus.journal.count('table', 401)).toBeGreaterThan(0);
  expect(ribCx.journal.count('projects', 401)).toBeGreaterThan(0);
  await world.close();
});

/** Makes both servers forget all sessions. Every other time, both servers also restart, which breaks connections. */
async function disturb(): Promise<void> {
  undisturbed = 0;
  isRestart = !isRestart;
  for (const server of [world.nexus, world.ribCx]) {
    server.forgetSessions();
    if (!isRestart) continue;
    await server.stop();
    await server.restart();
  }
}

const SYSTEMS = [
  {
    system: 'rows of NEXUS IC',
    account: () => world.plant,
    names: Array.from({ length: 10 }, (_, i) => `Workpack ${i + 1}`),
  },
  {
    system: 'projects of RIB CX',
    account: () => world.tunnel,
    names: ['Harbour Crossing', 'North Terminal', 'Ridge Tunnel'],
  },
];

/**
 * Runs a program that prints an answer's JSON.
 * @returns the names in the answer
 */
async function namesFrom(command: readonly string[], call: ExampleCall, stdin = '') {
  const query = new URLSearchParams(call.query).toString();
  const env = { ...world.env, API_PATH: call.path, QUERY: query };
  return namesIn(await runProgram(command, { env, stdin }), call);
}

function namesIn({ status, stdout, stderr }: Ran, { listName }: ExampleCall): string[] {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return toNames(JSON.parse(stdout), listName);
}

const toNames = (answer: unknown, listName: string): string[] =>
  (answer as Record<string, { Name: string }[]>)[listName]!.map(({ Name }) => Name);

const CURL_BY_COMMAND = `
url=$(keyvigil run "$1" -- printenv KEYVIGIL_URL)
keyvigil key "$1" --format curl | curl --silent --show-error --fail --config - "$url/$API_PATH?$QUERY"`;

const PYTHON_BY_COMMAND = `
import json, os, subprocess, sys, requests
key = json.loads(subprocess.check_output(['keyvigil', 'key', sys.argv[1], '--format', 'json']))
url = key['url'] + '/' + os.environ['API_PATH'] + '?' + os.environ['QUERY']
answer = requests.get(url, params=key['query'], headers=key['headers'])
answer.raise_for_status()
print(answer.text)`;

const FETCH_BY_COMMAND = `
const { execFileSync } = require('node:child_process');
const key = JSON.parse(execFileSync('keyvigil', ['key', process.argv[1], '--format', 'json']));
const url = new URL(key.url + '/' + process.env.API_PATH + '?' + process.env.QUERY);
for (const [name, value] of Object.entries(key.query)) url.searchParams.set(name, value);
fetch(url, { headers: key.headers }).then(async (answer) => {
  if (!answer.ok) throw new Error(answer.status);
  console.log(await answer.text());
});`;

describe.each(SYSTEMS)('by command, $system reach', ({ account: find, names }) => {
  async function eachTime(getNames: (account: Account) => Promise<string[]>) {
    for (let round = 1; round <= 3; round++) {
      expect(await getNames(find())).toEqual(names);
      await disturb();
      // Let half a minute pass, because Keyvigil hands out a key without a check if it verified the key within this time.
      world.passHalfMinute();
    }
  }

  it.each([
    ['curl', () => ['sh', '-c', CURL_BY_COMMAND, 'sh']],
    ['Python’s requests', () => [python, '-c', PYTHON_BY_COMMAND]],
    ['Node’s fetch', () => [process.execPath, '-e', FETCH_BY_COMMAND]],
  ])('%s', (_client, program) =>
    eachTime(({ saved, system }) => namesFrom([...program(), saved.name], system.exampleCall)),
  );

  it('newman', () =>
    eachTime(async ({ saved, system }) => {
      const key = await runProgram(['keyvigil', 'key', saved.name, '--format=json'], world);
      const { url, headers, query } = JSON.parse(key.stdout) as Record<string, object>;
      const { path, query: own, listName } = system.exampleCall;
      const pairs = (of: object) => Object.entries(of).map(([key, value]) => ({ key, value }));
      const request = {
        method: 'GET',
        header: pairs(headers!),
        url: { host: [url], path: path.split('/'), query: pairs({ ...own, ...query }) },
      };
      const info = { name: 'By command', schema: POSTMAN_SCHEMA };
      const answers = await newman(JSON.stringify({ info, item: [{ name: path, request }] }));
      expect(answers.map(({ code }) => code)).toEqual([200]);
      return toNames(answers[0]!.body, listName);
    }));
});

describe.each(SYSTEMS)('by local address, $system reach', ({ account: find, names }) => {
  const copied = (format: string) => world.copied(find(), format);
  const call = () => find().system.exampleCall;

  async function manyTimes(getNames: () => Promise<string[]>) {
    for (let time = 1; time <= TIMES; time++) expect(await getNames()).toEqual(names);
  }

  it('curl, as it is copied', () =>
    manyTimes(() => namesFrom(['sh', '-c', copied('local-curl')], call())));

  it('Python’s requests, as they are copied', () =>
    manyTimes(async () => {
      const ran = await runProgram([python, '-'], { stdin: copied('local-python') });
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      return [...ran.stdout.matchAll(/'Name': '(.*?)'/g)].map(([, name]) => name!);
    }));

  it('Node’s fetch', () => {
    const { path, query, listName } = call();
    const url = `${copied('local-address')}/${path}?${new URLSearchParams(query).toString()}`;
    return manyTimes(async () => {
      const answer = await fetch(url);
      expect(answer.status).toBe(200);
      return toNames(await answer.json(), listName);
    });
  });

  it('newman, with the collection that is copied for Postman', async () => {
    const answers = await newman(copied('local-postman'), { times: TIMES });
    expect(answers.map(({ code }) => code)).toEqual(Array(TIMES).fill(200));
    for (const { body } of answers) expect(toNames(body, call().listName)).toEqual(names);
  });

  it('a query of Power Query, which its parser accepts', async () => {
    const text = copied('local-power-query');
    const task = await TaskUtils.tryLexParse(DefaultSettings, text);
    expect(TaskUtils.isParseStageOk(task)).toBe(true);
    // Power Query's engine runs only on Windows. This test sends the request that the engine would send.
    const [address, path] = [...text.matchAll(/"(.*?)"/g)].map(([, value]) => value!);
    const fields = [...text.matchAll(/(\w+) = "(\w*)"/g)].map(([, name, value]) => [name!, value!]);
    const query = new URLSearchParams(fields.filter(([name]) => name !== 'RelativePath'));
    await manyTimes(async () => {
      const answer = await fetch(`${address!}/${path!}?${query.toString()}`);
      return toNames(await answer.json(), call().listName);
    });
  });
});
