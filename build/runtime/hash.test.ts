import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Pin, requireHash } from './hash.ts';
import { Problem } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyvigil-hash-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pin: Pin = {
  algorithm: 'sha256',
  encoding: 'hex',
  // The hash of `abc`, from FIPS 180-2.
  digest: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
};

function fileWith(content: string): string {
  const file = join(folder, 'download.zip');
  writeFileSync(file, content);
  return file;
}

test('accepts the pinned file', async () => {
  await expect(requireHash(fileWith('abc'), pin)).resolves.toBeUndefined();
});

test.each(['abd', 'ab', ''])('refuses %j and names the file', async (content) => {
  const refusal = requireHash(fileWith(content), pin);
  await expect(refusal).rejects.toThrow(Problem);
  await expect(refusal).rejects.toThrow(/^download\.zip is not the file that was expected/);
});
