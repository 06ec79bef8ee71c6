import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { createCommandWorld, type CommandWorld } from '../../test/support/command-world.ts';
import { runProgram, SCRIPT } from '../../test/support/run-program.ts';
import { GRAMMAR } from './command-line.ts';
import { completions } from './completions.ts';
import { PRINT_FORMATS } from './printed-key.ts';
import { quoteForSh } from './reply.ts';

const NAMES = ['Plant model', 'Tank farm'];
const complete = (...words: string[]) => completions(words, NAMES);
const folder = join(SCRIPT, '../completion');

describe('the completion', () => {
  it.each([
    [['ke'], ['key']],
    [['s'], ['status', 'sign-out']],
    [['--v'], ['--version']],
    [
      ['key', ''],
      ['Plant model', 'Tank farm', '--format', '--stale-ok', '--start', '--help'],
    ],
    [['key', 'PLANT\\ m'], ['Plant model']],
    [['key', '"tank'], ['Tank farm']],
    [['key', 'Plant model', '--f'], ['--format']],
    [['key', '--format', 'c'], ['curl']],
    [['status', 'x', '--wait', ''], []],
    [['key', '--format', 'curl', 'pl'], ['Plant model']],
    [['status', '--wait', '60', 'tank'], ['Tank farm']],
    [
      ['list', ''],
      ['--json', '--start', '--help'],
    ],
    [
      ['run', 'Plant model', ''],
      ['--', '--start', '--help'],
    ],
    [['run', 'Plant model', '--', ''], []],
    [['kye', ''], []],
  ])('of %j is %j', (words, candidates) => {
    expect(complete(...words)).toEqual(candidates);
  });
});

test('the help names every command, option and format', () => {
  const help = readFileSync(join(SCRIPT, '../help.txt'), 'utf8');
  for (const [command, { account, options = [] }] of Object.entries<{
    account: string;
    options?: readonly string[];
  }>(GRAMMAR)) {
    const name = { none: '', optional: ' [NAME]', needed: ' NAME' }[account] ?? '';
    expect(help.replaceAll('[open [NAME]]', 'open [NAME]')).toContain(`keyvigil ${command}${name}`);
    for (const option of options) expect(help).toContain(`--${option}`);
  }
  for (const format of PRINT_FORMATS) expect(help).toContain(format);
});

describe('in a shell', () => {
  let world: CommandWorld;
  beforeEach(async () => {
    world = await createCommandWorld();
    for (const name of NAMES) await world.add({ name });
  });
  afterEach(() => world.dispose());
  const inShell = (shell: readonly string[], program: string) =>
    runProgram([...shell, program], {
      env: {
        ...process.env,
        KEYVIGIL_PROFILE: world.profile,
        PATH: `${join(SCRIPT, '..')}:${process.env['PATH'] ?? ''}`,
      },
    });

  it('bash completes commands and names', async () => {
    const program = `
      compopt() { :; }
      source ${folder}/keyvigil.bash
      COMP_LINE='keyvigil key pl'
      COMP_WORDS=(keyvigil key pl); COMP_CWORD=2; _keyvigil; printf '[%s]' "\${COMPREPLY[@]}"
      COMP_LINE='keyvigil '
      COMP_WORDS=(keyvigil ''); COMP_CWORD=1; _keyvigil; printf '[%s]' "\${COMPREPLY[@]:0:2}"`;
    expect((await inShell(['bash', '-c'], program)).stdout).toBe('[Plant model][open][list]');
  });

  // In each row, the last text is what replaces the last word, as bash divides words at COMP_WORDBREAKS.
  it.each([
    ['keyvigil key north:8', ['north', ':', '8'], '8443=a@b'],
    ['keyvigil key NORTH:', ['NORTH', ':'], '8443=a@b'],
    ['keyvigil key north:8443=', ['north', ':', '8443', '='], 'a@b'],
    ['keyvigil key north:8443=a@b', ['north', ':', '8443', '=', 'a', '@', 'b'], '@b'],
    ['keyvigil key south:\\ t', ['south', ':', '\\ t'], ' tank'],
    ['keyvigil key x: --f', ['x', ':', '--f'], '--format'],
  ])(
    'bash completes a word that it divides at a colon, an equals sign or an @: %s',
    async (line, words, completed) => {
      for (const name of ['North:8443=a@b', 'South: tank']) await world.add({ name });
      const program = `
      compopt() { :; }
      source ${folder}/keyvigil.bash
      COMP_LINE=${quoteForSh(line)}; COMP_WORDS=(keyvigil key ${words.map(quoteForSh).join(' ')})
      COMP_CWORD=${words.length + 1}; _keyvigil; printf '%s' "\${COMPREPLY[@]}"`;
      expect((await inShell(['bash', '-c'], program)).stdout).toBe(completed);
    },
  );

  it('zsh completes commands and names', async () => {
    const program = `
      compadd() { printf '[%s]' "\${(@)\${(P)2}}"; }
      _files() { printf 'files'; }
      words=(keyvigil key 'Plant\\ m'); CURRENT=3; source ${folder}/_keyvigil
      words=(keyvigil run x -- ''); CURRENT=5; source ${folder}/_keyvigil`;
    expect(await inShell(['zsh', '-f', '-c'], program)).toEqual({
      status: 0,
      stdout: '[Plant model]files',
      stderr: '',
    });
  });

  it('fish completes commands and names', async () => {
    const program = `
      source ${folder}/keyvigil.fish
      complete -C 'keyvigil ver'
      complete -C 'keyvigil key Pl'`;
    const { stdout } = await inShell(['fish', '--no-config', '-c'], program);
    expect(stdout).toBe('verify\nPlant model\n');
  });

  it('completes nothing while Keyvigil does not run, and does not start it', async () => {
    world.stop();
    expect(await world.keyvigil('complete', '--', 'open', '--start', '')).toMatchObject({
      status: 7,
    });
  });
});
