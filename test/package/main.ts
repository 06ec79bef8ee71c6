/** Installs, uses, upgrades and removes the packaged app in a clean system. The steps are in package.spec.ts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from '../../build/bundle.ts';
import { COMPRESSION } from '../../build/package/options.ts';
import { packThisElectron, runBuilder } from '../../build/package/builder.ts';
import { must } from '../../build/package/must.ts';
import { atExit } from '../../build/runtime/at-exit.ts';
import { electronRuntime } from '../../build/runtime/index.ts';
import { ensureCommands } from '../../build/runtime/packages.ts';
import { Problem, say, script } from '../../build/runtime/report.ts';
import { cleanRoot } from './clean-root.ts';

const project = join(import.meta.dirname, '../..');
/** A version that no user has, and the version after it. */
const VERSIONS = ['0.0.1', '0.0.2'];

await script(async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Problem('This test installs packages in a system of its own, and must run as root.');
  }
  const work = mkdtempSync(join(tmpdir(), 'keyvigil-package-test-'));
  atExit(() => rmSync(work, { recursive: true, force: true }));
  const packages = join(work, 'packages');
  mkdirSync(packages);
  await timed('the installer’s script', () => compileInstallerScript(work));
  const root = await timed('a clean root', cleanRoot);
  await timed('two packages', () => buildPackages(packages));
  const tests = ['playwright', 'test', '--config=/keyvigil/build/playwright-package.config.ts'];
  const status = await timed('the package’s life', () =>
    inside(root, work, packages, [...tests, ...process.argv.slice(2)]),
  );
  process.exitCode = status;
});

/**
 * Compiles the part of the Windows installer that Keyvigil writes. Only some systems can build the rest, which electron-builder writes.
 */
async function compileInstallerScript(folder: string): Promise<void> {
  const { makensis } = await ensureCommands(['makensis']);
  const script = join(import.meta.dirname, 'installer.nsi');
  await must(makensis, ['-WX', '-V2', `-DOUTPUT=${join(folder, 'installer.exe')}`, script]);
}

async function buildPackages(folder: string): Promise<void> {
  await build();
  // Nobody downloads these packages, so compressing them would be a waste of time.
  process.env[COMPRESSION] = 'none';
  const electron = await packThisElectron(await electronRuntime(), join(folder, '../electron'));
  for (const version of VERSIONS) {
    await runBuilder([
      ...['--linux', 'deb', `--${process.arch}`, ...electron],
      `-c.extraMetadata.version=${version}`,
      `-c.directories.output=${join(folder, version)}`,
      '-c.deb.artifactName=keyvigil.deb',
    ]);
  }
}

async function inside(
  root: string,
  work: string,
  packages: string,
  command: readonly string[],
): Promise<number> {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
  const enter = [join(import.meta.dirname, 'enter.sh'), root, work, project, packages];
  const child = spawn('unshare', [...namespaces, ...enter, ...command], { stdio: 'inherit' });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status ?? 1;
}

async function timed<T>(what: string, body: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await body();
  say(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}
