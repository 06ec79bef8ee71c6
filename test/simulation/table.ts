import type { ReportLine } from './report.ts';

/** Formats the lines as text, with a column for each app. */
export function table(columns: readonly string[], lines: readonly ReportLine[]): string {
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
