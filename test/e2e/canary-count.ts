/** Counts the searches for secrets across all workers, because a search of no files would prove nothing. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const VARIABLE = 'KEYVIGIL_CANARY_COUNT';

/** Must be called before the workers start, because the workers inherit the variable. */
export function startCount(): void {
  process.env[VARIABLE] = join(mkdtempSync(join(tmpdir(), 'keyvigil-count-')), 'files');
}

/** @param files the number of files that were searched */
export function noteSearch(files: number): void {
  appendFileSync(process.env[VARIABLE] ?? '', `${files}\n`);
}

/** Must be called after the last worker has ended. */
export function endCount(): { readonly searches: number; readonly files: number } {
  const path = process.env[VARIABLE] ?? '';
  const counts = readFileSync(path, 'utf8').trim().split('\n').map(Number);
  rmSync(dirname(path), { recursive: true });
  return { searches: counts.length, files: counts.reduce((sum, count) => sum + count, 0) };
}
