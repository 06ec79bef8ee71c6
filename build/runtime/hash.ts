import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from './report.ts';

export interface Pin {
  algorithm: 'sha256' | 'sha512';
  encoding: 'hex' | 'base64';
  digest: string;
}

/** @throws Problem if the file is not exactly the pinned one */
export async function requireHash(file: string, pin: Pin): Promise<void> {
  const hash = createHash(pin.algorithm);
  await pipeline(createReadStream(file), hash);
  const found = hash.digest(pin.encoding);
  if (found === pin.digest) return;
  throw new Problem(
    `${basename(file)} is not the file that was expected, so it is not used. ` +
      `Its ${pin.algorithm} is ${found}, but should be ${pin.digest}.`,
  );
}
