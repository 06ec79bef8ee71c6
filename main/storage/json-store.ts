import { copyFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { m } from '../messages/index.ts';

/** A JSON file that is written completely or not at all: electron-store in the app, `conf` in tests. */
export interface JsonStore {
  store: Record<string, unknown>;
}

export interface StoreFolder {
  readonly folder: string;
  /** @throws SyntaxError if the file is not JSON */
  readonly open: (name: string) => JsonStore;
  readonly clock: Clock;
  /** Tells the user something in a sentence or two. */
  readonly notify: (id: string, message: () => string, options?: { dismissible?: boolean }) => void;
}

/** The checked content of a file. */
export interface OpenedStore<Content, Stored = Content> {
  readonly content: Content;
  save(content: Stored): void;
}

/**
 * Opens `name`.json and checks it against its schema. Keeps a damaged file under another name, tells the user, and continues
 * with what could be read. If a damaged file cannot be kept, for example because the disk is full, nothing overwrites it.
 * @param what what the file contains, in words for the user
 * @param salvage reads what it can from a file that does not fit the schema
 */
export function openStore<T extends v.GenericSchema<Record<string, unknown>>>(
  { folder, open, clock, notify }: StoreFolder,
  name: string,
  what: () => string,
  schema: T,
  salvage: (content: Record<string, unknown>) => v.InferInput<T>,
): OpenedStore<v.InferOutput<T>, v.InferInput<T>> {
  const path = join(folder, `${name}.json`);
  const stamp = new Date(clock.wall()).toISOString().replace(/[:.]/g, '-');
  const aside = `${name}.broken-${stamp}.json`;

  /** Undefined as long as the file is not JSON. */
  let store = openIfJson(open, name);
  removeHalfWritten(folder, name);

  const before = store?.store ?? {};
  const parsed = v.safeParse(schema, before);
  const whole = parsed.success ? (before as v.InferInput<T>) : salvage(before);
  const content = parsed.success ? parsed.output : v.parse(schema, whole);

  let isDamaged = !store || (!parsed.success && Object.keys(before).length > 0);
  function keepDamaged(): void {
    // A file that is not JSON must be moved away before the store can be opened.
    if (store) copyFileSync(path, join(folder, aside));
    else renameSync(path, join(folder, aside));
    isDamaged = false;
    notify(`broken-${name}`, () => m.file_was_damaged({ what: what(), aside, folder }));
  }
  function save(changed: v.InferInput<T>): void {
    if (isDamaged) keepDamaged();
    store ??= open(name);
    store.store = changed;
  }
  if (isDamaged) {
    try {
      keepDamaged();
    } catch {
      notify(`broken-${name}`, () => m.file_is_damaged({ what: what(), folder }));
    }
    try {
      // Store the content now, otherwise the next start would find the same damage again.
      save(whole);
    } catch {
      // Keyvigil starts all the same, and the next save tries again.
    }
  }
  return { content, save };
}

function openIfJson(open: StoreFolder['open'], name: string): JsonStore | undefined {
  try {
    return open(name);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * A save writes a temporary file, which then replaces the real one. If the app is killed before that, the temporary file stays.
 * Only one Keyvigil runs, so no temporary file is in use now.
 */
function removeHalfWritten(folder: string, name: string): void {
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(`${name}.json.tmp-`)) continue;
    try {
      rmSync(join(folder, file), { force: true });
    } catch {
      // A virus scanner may have opened the file. The next start tries again.
    }
  }
}
