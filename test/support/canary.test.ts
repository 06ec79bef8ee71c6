import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FORMS, MARKS, markedRandom, searchFolder, searchText, TYPED_MARK } from './canary.ts';

/** The places where Keyvigil and its runtime write. */
const PLACES = [
  'profile/accounts.json',
  'profile/activity.json',
  'profile/logs/main.log',
  'profile/Local Storage/leveldb/000003.log',
  'profile/Crashpad/pending/crash.dmp',
  'profile/Cache/Cache_Data/f_000001',
  'cache/mesa_shader_cache/index',
  'tmp/.org.chromium.Chromium.x/file',
];

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'keyvigil-canary-'))));
afterEach(() => rmSync(home, { recursive: true }));

function plant(place: string, content: string | Buffer): void {
  const path = join(home, place);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

describe('a planted secret is found', () => {
  for (const [form, write] of Object.entries(FORMS)) {
    it.each(PLACES)(`${form} in %s`, (place) => {
      for (const mark of MARKS) {
        plant(
          place,
          Buffer.concat([Buffer.from('x\0"'), write(`pw-${mark}-123`), Buffer.from('"}')]),
        );
        const { hits } = searchFolder(home);
        expect(hits.map((hit) => hit.place)).toContain(join(home, place));
      }
    });

    it(`${form} on the standard output`, () => {
      for (const mark of MARKS) {
        const output = Buffer.concat([Buffer.from('error: '), write(`a${mark}z`)]);
        expect(searchText('output', output)).not.toEqual([]);
      }
    });
  }

  it.each([0, 1, 2, 3, 4, 5])('in base64url, after %i other bytes', (before) => {
    for (const mark of MARKS) {
      const text = Buffer.from('abcde'.slice(0, before) + mark + 'xyz').toString('base64url');
      expect(searchText('token', `Bearer ${text}`)).not.toEqual([]);
    }
  });

  it('in the name of a file', () => {
    plant(`cache/${encodeURIComponent(TYPED_MARK)}`, '');
    expect(searchFolder(home).hits).not.toEqual([]);
  });

  it('in what a simulated server issues, as hexadecimal digits or in base 64', () => {
    const issued = Buffer.from(markedRandom(33));
    for (const key of [issued.toString('hex').toUpperCase(), issued.toString('base64')]) {
      expect(searchText('log', `key=${key}`)).not.toEqual([]);
    }
  });
});

it('finds nothing where nothing is planted', () => {
  for (const place of PLACES) plant(place, Buffer.from('a harmless canary, 7f3a'));
  expect(searchFolder(home)).toEqual({ files: PLACES.length, hits: [] });
});
