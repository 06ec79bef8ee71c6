/**
 * Marks every secret of the e2e tests, and searches for the marks in all that Keyvigil leaves behind. A secret that a user types
 * contains TYPED_MARK. A secret that a simulated server issues begins with ISSUED_MARK.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** This mark has letters of two bytes, and signs that need an escape, so each encoding of the mark looks different. */
export const TYPED_MARK = 'çanary/7f3a+ünd';
/** This mark has twelve bytes, so that in base 64 its digits do not depend on the bytes after it. */
export const ISSUED_MARK = Buffer.from('issued-7f3a!');

/** Gives the simulators random bytes that begin with the mark. */
export const markedRandom = (size: number): Uint8Array =>
  Buffer.concat([ISSUED_MARK, randomBytes(size - ISSUED_MARK.length)]);

/** The marks as they appear in secrets: in what a user types, in NEXUS IC's hash, and in keys and tokens. */
export const MARKS: readonly string[] = [
  TYPED_MARK,
  ISSUED_MARK.toString('hex').toUpperCase(),
  ISSUED_MARK.toString('base64url'),
];

export interface Hit {
  readonly place: string;
  readonly form: string;
}

/** The encodings in which a text can be written to a file, by name. */
export const FORMS: Readonly<Record<string, (text: string) => Buffer>> = {
  plain: (text) => Buffer.from(text),
  'URL-encoded': (text) => Buffer.from(encodeURIComponent(text)),
  'form-encoded': (text) => Buffer.from(new URLSearchParams({ '': text }).toString().slice(1)),
  'UTF-16LE': (text) => Buffer.from(text, 'utf16le'),
  'Latin-1': (text) => Buffer.from(text, 'latin1'),
  ...Object.fromEntries([0, 1, 2].map((offset) => [`base64+${offset}`, inBase64(offset)])),
};

/**
 * In base 64, a text looks different at each of three offsets. The text's first and last digits also depend on its neighbours.
 */
function inBase64(offset: number): (text: string) => Buffer {
  return (text) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3)).toString('base64');
    return Buffer.from(whole.slice(offset > 0 ? 4 : 0));
  };
}

const WANTED = MARKS.flatMap((mark) =>
  Object.entries(FORMS).flatMap(([form, write]) => {
    const written = write(mark);
    const urlSafe = Buffer.from(written.toString('latin1').replace(/[+/]/g, toUrlSafe), 'latin1');
    return (form.startsWith('base64') ? [written, urlSafe] : [written]).map((bytes) => ({
      form,
      bytes,
    }));
  }),
);

function toUrlSafe(digit: string): string {
  return digit === '+' ? '-' : '_';
}

export function searchText(place: string, content: Buffer | string): Hit[] {
  const bytes = Buffer.from(content);
  return WANTED.filter((wanted) => bytes.includes(wanted.bytes)).map(({ form }) => ({
    place,
    form,
  }));
}

/** @returns the content of every file below a folder, by its path */
export function filesIn(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(paths.map((path) => [path, readFileSync(path)]));
}

/** Searches every file below a folder, and the names of these files. */
export function searchFolder(folder: string): { readonly files: number; readonly hits: Hit[] } {
  const files = filesIn(folder);
  const hits = [...files].flatMap(([path, content]) => [
    ...searchText(path, content),
    ...searchText(`the name of ${path}`, path),
  ]);
  return { files: files.size, hits };
}
