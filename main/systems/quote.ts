/** Quotes a text for a language, so that nothing in it can become code. */

/** Only characters that mean the same within double quotes in sh, cmd and PowerShell. */
const SAFE = /^[\w\-.~:/?=&+,@ ]*$/;

/** Quotes one word of a command line: for every shell if the word has only safe characters, otherwise for sh only. */
export function quoteForShell(text: string): string {
  return SAFE.test(text) ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`;
}

/** PowerShell also treats typographic quotes as single quotes, so double those too. */
export function quoteForPowerShell(text: string): string {
  return `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
}

/** Python understands the escapes of JSON. */
export function quoteForPython(text: string): string {
  return JSON.stringify(text);
}

/** For M, the language of Power Query, in which `#(…)` is an escape too. */
export function quoteForPowerQuery(text: string): string {
  return `"${text.replaceAll('#(', '#(#)(').replaceAll('"', '""')}"`;
}

/** The names and values of a record or a list of parameters, in any of these languages. */
export function quoteEntries(
  values: Readonly<Record<string, string>>,
  quote: (text: string) => string,
  between: string,
  quoteName = quote,
): string {
  return Object.entries(values)
    .map(([name, value]) => quoteName(name) + between + quote(value))
    .join(', ');
}
