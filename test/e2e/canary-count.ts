/** Counts the searches for secrets across all workers: a search of nothing would prove nothing. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const VARIABLE = 'KEYVIGIL_CANARY_COUNT';

/** Before the workers start, which inherit the variable. */
export function startCount(): void {
  process.env[VARIABLE] = join(mkdtempSync(join(tmpdir(), 'keyvigil-count-')), 'files');
}

/** @param files how many were searched */
export function noteSearch(files: number): void {
  appendFileSync(process.env[VARIABLE] ?? '', `${files}\n`);
}

/** After the last worker. */
export function endCount(): { readonly searches: number; readonly files: number } {
  const path = process.env[VARIABLE] ?? '';
  const counts = readFileSync(path, 'utf8').trim().split('\n').map(Number);
  rmSync(dirname(path), { recursive: true });
  return { searches: counts.length, files: counts.reduce((sum, count) => sum + count, 0) };
}
