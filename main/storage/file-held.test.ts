import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Runs in its own process, because `conf` takes the functions of `fs` when it is loaded. */
const WRITE = `
  const fs = require('node:fs');
  const { renameSync } = fs;
  let refusals = 3;
  fs.renameSync = (...args) => {
    if (refusals-- > 0) throw Object.assign(new Error('held'), { code: 'EPERM' });
    return renameSync(...args);
  };
  const { default: Conf } = await import('conf');
  new Conf({ cwd: process.env.FOLDER, configName: 'accounts' }).store = { saved: true };
`;

it('a file that antivirus holds for a moment is replaced all the same', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keyvigil-held-'));
  const script = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);${WRITE}`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, FOLDER: folder },
  });
  expect(JSON.parse(await readFile(join(folder, 'accounts.json'), 'utf8'))).toEqual({
    saved: true,
  });
  await rm(folder, { recursive: true });
});
