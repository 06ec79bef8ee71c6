/** Compiles the texts of main/messages into main/messages/compiled, if the texts have changed since the last run. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Problem, script } from './runtime/report.ts';
import { run } from './runtime/run.ts';

const project = join(import.meta.dirname, '..');
export const messagesFolder = join(project, 'main/messages');
export const compiledFolder = join(messagesFolder, 'compiled');
const runtime = join(import.meta.dirname, 'messages-runtime.js');
const hashFile = join(compiledFolder, 'hash');

/** The first locale is the source. The others are translated from it. */
export const LOCALES = ['en', 'de'] as const;

/** Matches the compiler's files for web servers, which the app does not need. */
const NOT_NEEDED = /^server\./;

export async function compileMessages(): Promise<void> {
  if (currentHash() === compiledHash()) return;
  // Compile in a process of its own: the compiler keeps its process alive for half a minute.
  const { status, stderr } = await run(process.execPath, [import.meta.filename, '--compile']);
  if (status !== 0) throw new Problem(`The texts in main/messages cannot be compiled.\n${stderr}`);
}

async function compile(): Promise<void> {
  const hash = currentHash();
  const { compileProject } = await import('@inlang/paraglide-js');
  const { loadProjectInMemory, newProject } = await import('@inlang/sdk');
  const { default: plugin } = await import('@inlang/plugin-message-format');
  // Load the project in memory, together with its plugin: otherwise the compiler would download the plugin.
  const project = await loadProjectInMemory({
    blob: await newProject({ settings: { baseLocale: LOCALES[0], locales: [...LOCALES] } }),
    providePlugins: [plugin],
  });
  const files = LOCALES.map((locale) => ({ locale, content: readFileSync(pathOf(locale)) }));
  await project.importFiles({ pluginKey: plugin.key, files });
  const output = await compileProject({
    project,
    compilerOptions: {
      outputStructure: 'locale-modules',
      emitTsDeclarations: true,
      additionalFiles: { 'runtime.js': readFileSync(runtime, 'utf8') },
      emitGitIgnore: false,
      emitPrettierIgnore: false,
      emitReadme: false,
    },
  });
  for (const [name, content] of Object.entries(output)) {
    if (!NOT_NEEDED.test(name)) write(join(compiledFolder, name), content);
  }
  write(hashFile, hash);
}

const pathOf = (locale: string) => join(messagesFolder, `${locale}.json`);

/** Writes the file whole or not at all, because another process may read it at the same time. */
function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

function currentHash(): string {
  const hash = createHash('sha256');
  const sources = [
    ...LOCALES.map(pathOf),
    runtime,
    import.meta.filename,
    join(project, 'package-lock.json'),
  ];
  for (const path of sources) hash.update(readFileSync(path));
  return hash.digest('hex');
}

function compiledHash(): string | undefined {
  try {
    return readFileSync(hashFile, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  if (process.argv.includes('--compile')) {
    await compile();
    process.exit();
  }
  await script(compileMessages);
}
