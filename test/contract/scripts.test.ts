import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runProgram, SCRIPT } from '../support/run-program.ts';
import { createScriptsWorld, type ScriptsWorld } from '../support/scripts-world.ts';

let world: ScriptsWorld;
beforeEach(async () => {
  world = await createScriptsWorld();
});
afterEach(() => world.close());

const times = <T>(count: number, act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, act));

it('50 commands and 50 requests at the same moment on an expired session cost one login, and all are answered right', async () => {
  const { nexus, env, plant } = world;
  const url = `${world.addressOf(plant)}/bo/Workpack/?pageSize=1`;
  const loginsBefore = nexus.loginRequests;
  nexus.forgetSessions();
  world.passHalfMinute();
  const [commands, answers] = await Promise.all([
    times(50, () => runProgram([SCRIPT, 'key', 'Plant model'], { env })),
    times(50, async () => {
      const answer = await fetch(url);
      return { status: answer.status, body: await answer.json() };
    }),
  ]);
  const [key] = nexus.sessions.keys();
  expect(commands).toEqual(Array(50).fill({ status: 0, stdout: `${key}\n`, stderr: '' }));
  const rows = { rows: [{ Name: 'Workpack 1' }], totalRows: 25 };
  expect(answers).toEqual(Array(50).fill({ status: 200, body: rows }));
  expect(nexus.loginRequests - loginsBefore).toBe(1);
  expect(world.used).toHaveLength(100);
  expect(world.reported).toEqual([]);
});

it('npx runs the command of a checkout, without a network', async () => {
  const home = mkdtempSync(join(tmpdir(), 'keyvigil-npx-'));
  const env = { ...world.env, HOME: home, npm_config_cache: home, npm_config_offline: 'true' };
  const folder = join(import.meta.dirname, '../..');
  const words = ['npx', '--prefix', folder, 'keyvigil', 'key', 'Plant model'];
  const { stdout } = await runProgram(words, { env });
  rmSync(home, { recursive: true });
  expect([stdout.trim()]).toEqual([...world.nexus.sessions.keys()]);
});
