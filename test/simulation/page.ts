import type { Result } from './simulate.ts';
import type { Line } from './verdict.ts';
export function timelinePage(_columns: readonly string[], _lines: readonly Line[], _result: Result): string {
  return '';
}
