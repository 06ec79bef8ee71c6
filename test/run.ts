/**
 * Runs the tests of every layer, as `npm test` and the CI do. The last line says how many tests passed and failed.
 *
 *     npm test               everything
 *     npm test -- unit       one layer, or several
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileMessages } from '../build/messages.ts';
import { allTools, ensureCommands } from '../build/runtime/packages.ts';
import { run } from '../build/runtime/run.ts';

interface Count {
  passed: number;
  failed: number;
}

interface Layer {
  readonly name: string;
  readonly run: () => Promise<Count & { output: string }>;
}

const project = join(import.meta.dirname, '..');
const reports = mkdtempSync(join(tmpdir(), 'keyvigil-tests-'));
const chosen = process.argv.slice(2);
const isChosen = (name: string) => chosen.length === 0 || chosen.includes(name);

const arrows = ['-c', 'build/dependency-cruiser.cjs', 'main', 'renderer', 'test', 'build'];
const checks = [
  check('format', 'prettier', '--check', '.'),
  check('lint', 'oxlint', '-c', 'build/oxlint.jsonc', '--max-warnings', '0'),
  check('lint-svelte', 'eslint', '-c', 'build/eslint.config.js', '--max-warnings', '0', 'renderer'),
  check('arrows', 'depcruise', ...arrows),
  check('types', 'svelte-check', '--tsconfig', 'tsconfig.json', '--fail-on-warnings'),
  { name: 'types bite', run: typesBite },
  { name: 'unit', run: unitTests },
].filter(({ name }) => isChosen(name));

process.chdir(project);
// Compile the texts first, because every layer imports them.
await compileMessages();
// Install the tools before the layers start, because apt-get cannot serve two layers at a time.
if (['unit', 'e2e', 'desktop'].some(isChosen)) await ensureCommands(allTools);
// The tests of the app often wait, so the checks run beside them.
const total = sum(await Promise.all([inTurn(checks), testApp()]));
rmSync(reports, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

async function inTurn(layers: readonly Layer[]): Promise<Count> {
  const counts: Count[] = [];
  for (const layer of layers) counts.push(await report(layer));
  return sum(counts);
}

/** Builds the app and tests it. One run of Playwright shares its workers among all of these tests. */
function testApp(): Promise<Count> {
  const build = check('build', 'node', 'build/bundle.ts');
  const projects = ['desktop', 'e2e', 'platform'].filter(isChosen);
  const tests = { name: projects.join(' and '), run: () => playwrightTests(projects) };
  return inTurn([...(isChosen('build') ? [build] : []), ...(projects.length > 0 ? [tests] : [])]);
}

function sum(counts: readonly Count[]): Count {
  return counts.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed }), {
    passed: 0,
    failed: 0,
  });
}

async function report({ name, run }: Layer): Promise<Count> {
  console.log(`… ${name}`);
  const started = performance.now();
  const { passed, failed, output } = await run();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const mark = failed === 0 ? '✓' : '✗';
  console.log(`${mark} ${name}: ${passed} passed, ${failed} failed (${seconds} s)`);
  if (failed > 0) console.log(output);
  return { passed, failed };
}

/** Makes a layer of a tool that passes or fails as a whole. */
function check(name: string, command: string, ...args: string[]): Layer {
  return {
    name,
    async run() {
      const { status, output } = await tool(command, args);
      return { passed: Number(status === 0), failed: Number(status !== 0), output };
    },
  };
}

/** The files in test/types are wrong on purpose: a type check that accepts them checks nothing. */
async function typesBite() {
  const options = ['--tsconfig', './tsconfig.json', '--output', 'machine'];
  const { output } = await tool('svelte-check', ['--workspace', 'test/types', ...options]);
  const found = ['wrong.ts', 'Wrong.svelte'].filter((file) =>
    new RegExp(`ERROR "${file}".*sessionKey`).test(output),
  );
  return { passed: found.length, failed: 2 - found.length, output };
}

async function unitTests() {
  const report = join(reports, 'unit.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const options = ['run', '--config=build/vitest.config.ts', ...reporters];
  const { output } = await tool('vitest', options);
  return { ...readReport(report, unitCount), output };
}

async function playwrightTests(projects: readonly string[]) {
  const report = join(reports, 'playwright.json');
  const options = ['--config=build/playwright.config.ts', '--reporter=list,json'];
  const only = projects.map((name) => `--project=${name}`);
  const { output } = await tool('playwright', ['test', ...options, ...only], {
    PLAYWRIGHT_JSON_OUTPUT_FILE: report,
  });
  return { ...readReport(report, playwrightCount), output };
}

function unitCount(report: {
  numPassedTests: number;
  numTotalTests: number;
  success: boolean;
}): Count {
  const { numPassedTests: passed, numTotalTests, success } = report;
  // A test file that cannot be loaded has no tests that could fail, so `success` must count too.
  return { passed, failed: Math.max(numTotalTests - passed, success ? 0 : 1) };
}

function playwrightCount({
  stats,
  errors,
}: {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}): Count {
  const { expected, unexpected, flaky, skipped } = stats;
  return { passed: expected, failed: unexpected + flaky + skipped + errors.length };
}

/** A runner without a report failed before its first test. */
function readReport<T>(path: string, count: (report: T) => Count): Count {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')) as T);
  } catch {
    return { passed: 0, failed: 1 };
  }
}

async function tool(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  // On Windows, the tools are scripts, which need a shell.
  const shell = process.platform === 'win32';
  const outcome = await run(command, args, { env: { ...process.env, ...env }, shell });
  return { status: outcome.status, output: outcome.stdout + outcome.stderr };
}
