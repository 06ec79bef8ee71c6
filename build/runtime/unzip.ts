import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import yauzl from 'yauzl';

/**
 * Unpacks files with their modes.
 * @param wanted returns a file's path in `folder`, or undefined to skip the file; of the runtime's 25,820 entries, 80 are needed
 */
export async function unzip(
  file: string,
  folder: string,
  wanted: (name: string) => string | undefined,
): Promise<void> {
  const zip = await open(file);
  await new Promise<void>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', resolve);
    zip.on('entry', (entry: yauzl.Entry) => {
      unpack(zip, entry, folder, wanted).then(() => zip.readEntry(), reject);
    });
    zip.readEntry();
  }).finally(() => zip.close());
}

function open(file: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false };
    yauzl.open(file, options, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

async function unpack(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  folder: string,
  wanted: (name: string) => string | undefined,
): Promise<void> {
  const name = entry.fileName.endsWith('/') ? undefined : wanted(entry.fileName);
  if (name === undefined) return;
  const target = join(folder, name);
  await mkdir(dirname(target), { recursive: true });
  const content = await promisify(zip.openReadStream.bind(zip))(entry);
  // The upper half holds the Unix mode. Without the mode, no unpacked file would be executable.
  const mode = (entry.externalFileAttributes >>> 16) & 0o777;
  await pipeline(content, createWriteStream(target, { mode: mode || 0o644 }));
}
