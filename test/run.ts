/**
 * Every test of every layer, as `npm test` and the CI run them; ends with one line of how many passed and failed.
 *
 *     npm test               everything
 *     npm test -- unit       one layer, or several
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const layers: readonly Layer[] = [
  check('format', 'prettier', '--check', '.'),
  check('lint', 'eslint', '-c', 'build/eslint.config.js', '.'),
  check(
    'arrows',
    'depcruise',
    '-c',
    'build/dependency-cruiser.cjs',
    'main',
    'renderer',
    'test',
    'build',
  ),
  check('types', 'svelte-check', '--tsconfig', 'tsconfig.json', '--fail-on-warnings'),
  { name: 'types bite', run: typesBite },
  { name: 'unit', run: unitTests },
  check('build', 'node', 'build/bundle.ts'),
  { name: 'e2e', run: () => browserTests('e2e') },
  { name: 'desktop', run: () => browserTests('desktop') },
];

process.chdir(project);
process.exitCode = await runLayers(process.argv.slice(2));
rmSync(reports, { recursive: true, force: true });

async function runLayers(wanted: readonly string[]): Promise<number> {
  const total: Count = { passed: 0, failed: 0 };
  const chosen = layers.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  for (const layer of chosen) {
    console.log(`… ${layer.name}`);
    const started = performance.now();
    const { passed, failed, output } = await layer.run();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(
      `${failed === 0 ? '✓' : '✗'} ${layer.name}: ${passed} passed, ${failed} failed (${seconds} s)`,
    );
    if (failed > 0) console.log(output);
    total.passed += passed;
    total.failed += failed;
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** A tool whose exit status says all. */
function check(name: string, command: string, ...args: string[]): Layer {
  return {
    name,
    async run() {
      const { status, output } = await tool(command, ...args);
      return { ...counted(status === 0), output };
    },
  };
}

/** Two files are wrong on purpose: a type check that lets them pass checks nothing. */
async function typesBite() {
  const { output } = await tool(
    'svelte-check',
    '--workspace',
    'test/types',
    '--tsconfig',
    './tsconfig.json',
    '--output',
    'machine',
  );
  const found = ['wrong.ts', 'Wrong.svelte'].filter((file) =>
    new RegExp(`ERROR "${file}".*sessionKey`).test(output),
  );
  return { passed: found.length, failed: 2 - found.length, output };
}

async function unitTests() {
  const report = join(reports, 'unit.json');
  const { output } = await tool(
    'vitest',
    'run',
    '--config=build/vitest.config.ts',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  );
  return { ...readReport(report, unitCount), output };
}

async function browserTests(name: string) {
  const report = join(reports, `${name}.json`);
  process.env['PLAYWRIGHT_JSON_OUTPUT_FILE'] = report;
  const { output } = await tool(
    'playwright',
    'test',
    '--config=build/playwright.config.ts',
    `--project=${name}`,
    '--reporter=list,json',
  );
  return { ...readReport(report, browserCount), output };
}

function unitCount(report: {
  numPassedTests: number;
  numTotalTests: number;
  success: boolean;
}): Count {
  const { numPassedTests: passed, numTotalTests, success } = report;
  // A file that cannot be loaded has no tests to fail.
  return { passed, failed: Math.max(numTotalTests - passed, success ? 0 : 1) };
}

function browserCount({
  stats,
  errors,
}: {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number };
  errors: unknown[];
}): Count {
  const { expected, unexpected, flaky, skipped } = stats;
  return { passed: expected, failed: unexpected + flaky + skipped + errors.length };
}

/** A runner that left no report has failed before its first test. */
function readReport<T>(path: string, count: (report: T) => Count): Count {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')) as T);
  } catch {
    return { passed: 0, failed: 1 };
  }
}

function counted(isGood: boolean): Count {
  return { passed: Number(isGood), failed: Number(!isGood) };
}

async function tool(command: string, ...args: string[]) {
  const { status, stdout, stderr } = await run(command, args);
  return { status, output: stdout + stderr };
}
