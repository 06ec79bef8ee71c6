/** Copies every format of *Copy as …*, and uses each copied text for real against the simulated servers. */
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureCommands } from '../../build/runtime/packages.ts';
import type { Account } from '../../main/sessions/account.ts';
import { newman, POSTMAN_SCHEMA } from '../support/newman.ts';
import { runProgram } from '../support/run-program.ts';
import { createScriptsWorld, type ScriptsWorld } from '../support/scripts-world.ts';

/** Uses a copied text. @returns what the server answered */
type Use = (text: string, account: Account) => Promise<string>;

let world: ScriptsWorld;
let python: string;

beforeAll(async () => {
  ({ python3: python } = await ensureCommands(['curl', 'python3', 'python-requests']));
  world = await createScriptsWorld();
});
afterAll(() => world.close());

async function run(command: readonly string[], stdin = ''): Promise<string> {
  const { status, stdout, stderr } = await runProgram(command, { stdin });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  return stdout;
}

async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await fetch(url, { headers });
  expect(answer.status).toBe(200);
  return answer.text();
}

const exampleUrl = ({ system, target }: Account, base = system.apiBase(target)) => {
  const { path, query } = system.exampleCall;
  return `${base}/${path}?${new URLSearchParams(query).toString()}`;
};

/**
 * Power Query's engine runs only on Windows. So Microsoft's parser checks the text, and this function sends the request that the
 * engine would send.
 */
const powerQuery: Use = async (text) => {
  const task = await TaskUtils.tryLexParse(DefaultSettings, text);
  expect(TaskUtils.isParseStageOk(task)).toBe(true);
  const [, base, path] = /"(.*?)",\s*\[\s*RelativePath = "(.*?)"/.exec(text)!;
  const record = (name: string) =>
    Object.fromEntries(
      [...(new RegExp(`${name} = \\[(.*)\\]`).exec(text)?.[1] ?? '').matchAll(ENTRY)].map(
        ([, name, value]) => [name!, value!],
      ),
    );
  const query = new URLSearchParams(record('Query')).toString();
  return get(`${base!}/${path!}?${query}`, record('Headers'));
};
const ENTRY = /(?:#")?([\w-]+)"? = "(.*?)"/g;

const runInShell: Use = (text) =>
  run(['sh', '-c', text.replace(/^curl /, 'curl --silent --show-error --fail ')]);
const runInPython: Use = (text) => run([python, '-'], text);

const USES: Readonly<Record<string, Use>> = {
  query: (text, account) => get(`${exampleUrl(account)}&${text}`),
  header: (text, account) => {
    const [name, value] = text.split(': ') as [string, string];
    return get(exampleUrl(account), { ...account.system.keyParameter.headers, [name]: value });
  },
  url: (text) => get(text),
  curl: runInShell,
  python: runInPython,
  'power-query': powerQuery,
  'postman-environment': async (text, { system }) => {
    const { keyParameter, exampleCall } = system;
    const pairs = (of: object) => Object.entries(of).map(([key, value]) => ({ key, value }));
    const key = { [keyParameter.name]: '{{key}}' };
    const isInQuery = keyParameter.in === 'query';
    const request = {
      method: 'GET',
      header: pairs({ ...keyParameter.headers, ...(!isInQuery && key) }),
      url: {
        host: ['{{address}}'],
        path: exampleCall.path.split('/'),
        query: pairs({ ...exampleCall.query, ...(isInQuery && key) }),
      },
    };
    const info = { name: 'A collection of the user', schema: POSTMAN_SCHEMA };
    const collection = JSON.stringify({ info, item: [{ name: 'Example', request }] });
    const [answer] = await newman(collection, { environment: text });
    expect(answer!.code).toBe(200);
    return JSON.stringify(answer!.body);
  },
  json: (text, account) => {
    const { url, query, headers } = JSON.parse(text) as {
      url: string;
      query: Record<string, string>;
      headers: Record<string, string>;
    };
    const carried = new URLSearchParams(query).toString();
    return get(`${exampleUrl(account, url)}&${carried}`, headers);
  },
  encryptedPassword: async (text, session) => {
    const { system, target, saved } = session;
    const answer = await fetch(`${system.apiBase(target)}/Api/Login/ByEmail`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...system.keyParameter.headers },
      body: JSON.stringify({ Email: saved.values['email'], EncryptedPassword: text }),
    });
    expect(answer.status).toBe(200);
    const { Key: key } = (await answer.json()) as { Key: string };
    return get(exampleUrl(session), { ...system.keyParameter.headers, key });
  },
  'local-address': (text, account) => get(exampleUrl(account, text)),
  'local-curl': runInShell,
  'local-python': runInPython,
  'local-power-query': powerQuery,
  'local-postman': async (text) => {
    const [answer] = await newman(text);
    expect(answer!.code).toBe(200);
    return JSON.stringify(answer!.body);
  },
};

/** PowerShell is in neither Debian nor npm, so these formats are not run. `quote.test.ts` tests their quoting. */
const NOT_RUN = ['powershell', 'local-powershell'];

describe.each([
  { name: 'NEXUS IC', account: () => world.plant, got: /Workpack 1|"version":/ },
  { name: 'RIB CX', account: () => world.tunnel, got: /Harbour Crossing/ },
])('of $name', ({ account: find, got }) => {
  it('each format does what it is for', async () => {
    const account = find();
    const formats = world.formatsOf(account).filter(({ id }) => !NOT_RUN.includes(id));
    for (const { id, text } of formats) {
      expect(await USES[id]!(text, account), id).toMatch(got);
    }
  });

  it('JSON, Postman environment, Python and Power Query are among them', () => {
    const ids = world.formatsOf(find()).map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(['json', 'postman-environment', 'python', 'power-query']),
    );
  });
});

it('only the encrypted password needs a warning', () => {
  const formats = [world.plant, world.tunnel].flatMap((account) => world.formatsOf(account));
  expect(formats.filter(({ warning }) => warning !== undefined).map(({ id }) => id)).toEqual([
    'encryptedPassword',
  ]);
});
