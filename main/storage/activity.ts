import * as v from 'valibot';
import type { ActivityStore } from '../activity/activity-log.ts';
import { ENTRY_KINDS, PAUSE_KINDS, type Entry } from '../activity/record.ts';
import { m } from '../messages/index.ts';
import { openStore, type StoreFolder } from './json-store.ts';

const Time = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((time) => Date.parse(time)),
);

/** A line of the file, as a pattern with named parts. */
const line = <T extends v.ObjectEntries>(pattern: RegExp, parts: T) =>
  v.pipe(
    v.string(),
    v.transform((text): unknown => pattern.exec(text)?.groups),
    v.object(parts),
  );

const EntryLine = line(/^(?<from>\S+) (?<kind>\S+)(?: (?<times>\d+))?(?: – (?<reason>.*))?$/s, {
  from: Time,
  // The file has the first version's word for `expired`: `lost`.
  kind: v.pipe(
    v.string(),
    v.transform((word) => (word === 'lost' ? 'expired' : word)),
    v.picklist(ENTRY_KINDS),
  ),
  times: v.pipe(v.optional(v.string(), '0'), v.transform(Number)),
  reason: v.optional(v.string()),
});

const PauseLine = v.pipe(
  line(/^(?<from>\S+) (?<to>\S+) (?<kind>\S+)$/, {
    from: Time,
    to: Time,
    kind: v.picklist(PAUSE_KINDS),
  }),
  v.check(({ from, to }) => from <= to),
);

const UsesLine = line(/^(?<day>\d{4}-\d\d-\d\d) (?<times>\d+)$/, {
  day: v.string(),
  times: v.pipe(v.string(), v.transform(Number)),
});

const toMap = <T>(record: Readonly<Record<string, T>>) => new Map(Object.entries(record));

/** One line for each entry, so that people can read the file too. */
const File = v.object({
  version: v.literal(1),
  until: Time,
  pauses: v.array(PauseLine),
  accounts: v.pipe(v.record(v.string(), v.array(EntryLine)), v.transform(toMap)),
  uses: v.pipe(v.optional(v.record(v.string(), v.array(UsesLine)), {}), v.transform(toMap)),
});
type Stored = v.InferInput<typeof File>;

/** Stores what happened to each account in the clear, because nothing in it is secret. */
export function openActivity(folder: StoreFolder): ActivityStore {
  const file = openStore(folder, 'activity', m.stored_activity, File, salvage);
  return {
    load: () => (file.content.until > 0 ? file.content : undefined),
    save: ({ until, pauses, accounts, uses }) =>
      file.save({
        version: 1,
        until: iso(until),
        pauses: pauses.map(({ kind, from, to }) => `${iso(from)} ${iso(to)} ${kind}`),
        accounts: Object.fromEntries(
          [...accounts].map(([id, entries]) => [id, entries.map(toLine)]),
        ),
        ...(uses.size > 0 && {
          uses: Object.fromEntries(
            [...uses].map(([id, days]) => [id, days.map(({ day, times }) => `${day} ${times}`)]),
          ),
        }),
      }),
  };
}

function toLine({ from, kind, times, reason }: Entry): string {
  const count = times > 0 ? ` ${times}` : '';
  const why = reason === undefined ? '' : ` – ${reason}`;
  return `${iso(from)} ${kind === 'expired' ? 'lost' : kind}${count}${why}`;
}

/** Keeps the lines that can be read, and drops the others. */
function salvage({ until, pauses, accounts, uses }: Record<string, unknown>): Stored {
  const readable = (schema: v.GenericSchema, lines: unknown): string[] =>
    Array.isArray(lines) ? lines.filter((line): line is string => v.is(schema, line)) : [];
  const readableById = (schema: v.GenericSchema, all: unknown) =>
    Object.fromEntries(
      Object.entries(all ?? {}).map(([id, lines]) => [id, readable(schema, lines)]),
    );
  const whole = {
    pauses: readable(PauseLine, pauses),
    accounts: readableById(EntryLine, accounts),
  };
  const times = [whole.pauses, ...Object.values(whole.accounts)]
    .flat()
    .flatMap((line) => line.split(' ', 2).filter((word) => v.is(Time, word)));
  return {
    version: 1,
    until: v.is(Time, until) ? until : (times.toSorted().at(-1) ?? iso(0)),
    ...whole,
    uses: readableById(UsesLine, uses),
  };
}

const iso = (time: number): string => new Date(time).toISOString();
