/** Stands between two packages in `licenses.txt`, which the build writes. */
export const LICENSE_DIVIDER = `\n\n${'-'.repeat(78)}\n\n`;

/** The packages that ship, each with the text of its licence. `name` includes the version. */
export function readLicenses(file: string): { name: string; text: string }[] {
  return file.split(LICENSE_DIVIDER).map((entry) => {
    const [name = '', ...lines] = entry.split('\n');
    return { name, text: lines.join('\n').trim() };
  });
}
