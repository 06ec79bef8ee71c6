import type { Line } from './verdict.ts';

/** The measures as text, a column for each of those compared. */
export function table(columns: readonly string[], lines: readonly Line[]): string {
  const rows = [
    ['', ...columns, 'goal', ''],
    ...lines.map(({ measure, values, goal = '', isMissed }) => [
      measure,
      ...values,
      goal,
      goal === '' ? '' : isMissed ? '✗ missed' : '✓',
    ]),
  ];
  const widths = rows[0]!.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === row.length - 1
            ? cell.padEnd(widths[column]!)
            : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
