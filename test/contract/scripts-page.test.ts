/** Runs every example of docs/scripts.md exactly as the page shows it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultSettings, TaskUtils } from '@microsoft/powerquery-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { createScriptsWorld, type ScriptsWorld } from '../support/scripts-world.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/scripts.md'), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language: language!,
  text: text!,
  firstLine: text!.split('\n')[0],
}));

const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  sh: ['sh', '-e'],
  python: ['/usr/bin/python3', '-'],
  js: [process.execPath, '--input-type=module', '-'],
};

let world: ScriptsWorld;
beforeEach(async () => {
  world = await createScriptsWorld();
});
afterEach(() => world.close());

describe('the example', () => {
  const runnable = EXAMPLES.filter(({ language }) => language in PROGRAMS);

  it.each(runnable)('$language: $firstLine', async ({ language, text }) => {
    const env = {
      ...world.env,
      PLANT: world.addressOf(world.plant),
      TUNNEL: world.addressOf(world.tunnel),
    };
    const stdin = atSimulators(text);
    const ran = await runProgram(PROGRAMS[language]!, { env, stdin });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    // Each example must print what its address or command gets.
    if (/bo\/Workpack|PLANT/.test(text)) expect(ran.stdout).toContain('Workpack 10');
    if (/Project\/Get|TUNNEL/.test(text)) expect(ran.stdout).toContain('Ridge Tunnel');
    if (/version\?/.test(text)) expect(ran.stdout).toContain('6.9');
    if (/keyvigil (status|list)/.test(text)) expect(ran.stdout).toContain('Live');
    expect(ran.stdout).not.toBe('');
  });

  it('in Power Query is accepted by its parser', async () => {
    const [query, ...others] = EXAMPLES.filter(({ language }) => language === 'powerquery');
    expect(others).toEqual([]);
    const task = await TaskUtils.tryLexParse(DefaultSettings, query!.text);
    expect(TaskUtils.isParseStageOk(task)).toBe(true);
  });

  it('is of a language that is tested', () => {
    const tested = [...Object.keys(PROGRAMS), 'powerquery'];
    expect(EXAMPLES.filter(({ language }) => !tested.includes(language))).toEqual([]);
    expect(EXAMPLES.length).toBeGreaterThan(8);
  });
});

describe('the tables name every field of', () => {
  it.each([
    ['key', ['key', 'Plant model', '--format', 'json']],
    ['list', ['list', '--json']],
  ])('%s', async (command, words) => {
    const { stdout } = await runProgram(['keyvigil', ...words], world);
    const answer = JSON.parse(stdout) as { accounts?: [object] };
    const fields = [...Object.keys(answer), ...Object.keys(answer.accounts?.[0] ?? {})];
    const table = PAGE.slice(PAGE.indexOf(`| \`keyvigil ${command} `)).split('\n\n')[0]!;
    const named = [...table.matchAll(/^\| (`.*?`) +\|/gm)].flatMap(([, cell]) =>
      cell!.replaceAll('`', '').split(', '),
    );
    expect(named.slice(1).toSorted()).toEqual(fields.toSorted());
  });
});

/**
 * Replaces the servers' addresses. They are the only parts of an example that must differ, because the tests have no such
 * servers.
 */
function atSimulators(text: string): string {
  return text
    .replaceAll('https://nexus.example.com/data/icweb.dll', world.nexus.baseUrl)
    .replaceAll('https://au.itwocx.com/api/latest', world.ribCx.baseUrl);
}
