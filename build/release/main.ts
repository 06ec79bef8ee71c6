/**
 * Makes a release from the branch main:
 *
 *     npm run release -- 1.2.3
 *
 * The script runs the tests, moves the text under [Unreleased] in CHANGELOG.md to the new version, commits and tags.
 * Pushing the tag starts the workflow that builds the installers.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Problem, say, script } from '../runtime/report.ts';
import { release } from './release.ts';

const folder = join(import.meta.dirname, '../..');

await script(async () => {
  const [version] = process.argv.slice(2);
  if (version === undefined) throw new Problem('Which version? Such as: npm run release -- 1.2.3');
  const date = new Date().toISOString().slice(0, 10);
  const { tag } = await release(version, { folder, date, test });
  say(`Tagged ${tag}. To publish it:\n  git push origin main ${tag}`);
});

async function test(): Promise<void> {
  const tests = spawn('npm', ['test'], { cwd: folder, stdio: 'inherit', shell: true });
  const [status] = (await once(tests, 'exit')) as [number | null];
  if (status !== 0) throw new Problem('The tests failed. Nothing was changed.');
}
