import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { failed, success } from '../result.ts';
import { readJson } from './json.ts';

const Schema = v.object({
  key: v.pipe(v.string(), v.minLength(1)),
  id: v.nullish(v.union([v.string(), v.number()])),
  items: v.optional(v.array(v.object({ name: v.string() }))),
});

const read = (body: string, { status = 200, isPage = false } = {}) =>
  readJson({ host: 'n.example.com', status, body, isPage }, Schema, {
    system: 'NEXUS IC',
    check: () => 'the server address',
  });

it('reads an answer that fits', () => {
  expect(read('{"key": "k", "more": 1}')).toEqual(success({ key: 'k' }));
});

it('a page is a page, whatever its status', () => {
  expect(read('<html>', { isPage: true, status: 403 })).toMatchObject({ error: { kind: 'page' } });
});

describe('an answer that does not fit is described without its values', () => {
  it.each([
    ['{"key": 7}', 'key: expected text, got a number'],
    ['{"key": ""}', 'key: expected text, got empty text'],
    ['{}', 'key: expected text, got nothing'],
    ['{"key": "k", "id": true}', 'id: expected text or a number, got true or false'],
    [
      '{"key": "k", "items": [{"name": "a"}, {"name": null}]}',
      'items.1.name: expected text, got null',
    ],
    ['{"key": "k", "items": {}}', 'items: expected a list, got an object'],
    ['[]', 'key: expected text, got nothing'],
    ['"SECRET"', 'expected an object, got text'],
    ['', 'expected JSON, got an empty answer'],
    ['SECRET', 'expected JSON, got 6 other characters'],
  ])('%s', (body, detail) => {
    expect(read(body)).toEqual(
      failed({
        kind: 'unexpected',
        message: `n.example.com answered, but not like NEXUS IC (${detail}). Check the server address.`,
      }),
    );
  });

  it('by its status, unless that is 200', () => {
    expect(read('{"key": "k"}', { status: 418 })).toHaveProperty(
      'error.message',
      expect.stringContaining('(HTTP 418)'),
    );
  });
});
