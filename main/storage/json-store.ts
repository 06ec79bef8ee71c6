import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
 * with what could be read.
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
  const stamp = new Date(clock.wall()).toISOString().replace(/[:.]/g, '-');
  const aside = `${name}.broken-${stamp}.json`;
  const notifySetAside = () =>
    notify(`broken-${name}`, () => m.file_was_damaged({ what: what(), aside, folder }));

  let store: JsonStore;
  try {
    store = open(name);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    renameSync(join(folder, `${name}.json`), join(folder, aside));
    notifySetAside();
    store = open(name);
  }

  removeHalfWritten(folder, name);

  const before = store.store;
  const parsed = v.safeParse(schema, before);
  let content: v.InferOutput<T>;
  if (parsed.success) {
    content = parsed.output;
  } else {
    const whole = salvage(before);
    content = v.parse(schema, whole);
    if (Object.keys(before).length > 0) {
      writeFileSync(join(folder, aside), JSON.stringify(before, null, 2), { mode: 0o600 });
      notifySetAside();
      // Store the content now, otherwise the next start would find the same damage again.
      store.store = whole;
    }
  }
  return {
    content,
    save: (changed) => {
      store.store = changed;
    },
  };
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
