import * as v from 'valibot';
import {
  ENTRY_KINDS,
  PAUSE_KINDS,
  type Entry,
  type EntryKind,
  type Pause,
  type PauseKind,
} from '../sessions/activity.ts';
import type { ActivityStore } from '../sessions/activity-log.ts';
import { SECOND_MS } from '../clock.ts';
import { openStore, type StoreFolder } from './json-store.ts';

/** What happened, one line for each entry: short, and to be read by people too. */
const PauseLine = line(readPause);
const EntryLine = line(readEntry);

const File = v.object({
  version: v.literal(1),
  until: v.pipe(v.string(), v.isoTimestamp()),
  pauses: v.array(PauseLine),
  accounts: v.record(v.string(), v.array(EntryLine)),
});

/** What happened to each account, in the clear: nothing in it is secret. */
export function openActivity(folder: StoreFolder): ActivityStore {
  const file = openStore(folder, 'activity', 'record of what happened', File, salvage);
  const { until, pauses, accounts } = file.content;
  return {
    load: () =>
      until === NEVER
        ? undefined
        : {
            until: Date.parse(until),
            pauses: pauses.map((line) => readPause(line)!),
            accounts: new Map(
              Object.entries(accounts).map(([id, lines]) => [id, lines.map((l) => readEntry(l)!)]),
            ),
          },
    save({ until, pauses, accounts }, ahead) {
      file.save({
        version: 1,
        until: iso(until + ahead),
        pauses: pauses.map(
          ({ kind, from, to }) => `${iso(from + ahead)} ${iso(to + ahead)} ${kind}`,
        ),
        accounts: Object.fromEntries(
          [...accounts].map(([id, entries]) => [id, written(entries, ahead)]),
        ),
      });
    },
  };
}

interface Written {
  readonly lines: string[];
  readonly ahead: number;
}

/** Of a thousand accounts, most have no news: their lines are as they were. */
const alreadyWritten = new WeakMap<readonly Entry[], Written>();
/** The wall clock is always being set right by a little: no reason to write all lines anew. */
const SET_MS = SECOND_MS;

function written(entries: readonly Entry[], ahead: number): string[] {
  const before = alreadyWritten.get(entries);
  if (before && Math.abs(before.ahead - ahead) < SET_MS) return before.lines;
  const lines = entries.map((entry) => writeEntry(entry, ahead));
  alreadyWritten.set(entries, { lines, ahead });
  return lines;
}

const NEVER = iso(0);

/** Whatever does not fit in a part leaves the other parts alone. */
function salvage({ until, pauses, accounts }: Record<string, unknown>): v.InferOutput<typeof File> {
  const fitting = <T extends v.GenericSchema>(schema: T, all: unknown): v.InferOutput<T>[] =>
    Array.isArray(all) ? all.filter((one) => v.is(schema, one)) : [];
  const kept = {
    pauses: fitting(PauseLine, pauses),
    accounts: Object.fromEntries(
      Object.entries(accounts ?? {}).map(([id, entries]) => [id, fitting(EntryLine, entries)]),
    ),
  };
  const last = Math.max(
    0,
    ...kept.pauses.map((line) => readPause(line)!.to),
    ...Object.values(kept.accounts).flatMap((lines) => lines.map((l) => readEntry(l)!.from)),
  );
  return {
    version: 1,
    until: v.is(File.entries.until, until) ? until : iso(last),
    ...kept,
  };
}

function line(read: (line: string) => unknown) {
  return v.pipe(
    v.string(),
    v.check((line) => read(line) !== undefined),
  );
}

const ENTRY = /^(\S+) (\S+)(?: (\d+))?(?: – (.*))?$/s;

function writeEntry({ from, kind, times, reason }: Entry, ahead: number): string {
  const count = times > 0 ? ` ${times}` : '';
  return `${iso(from + ahead)} ${kind}${count}${reason === undefined ? '' : ` – ${reason}`}`;
}

function readEntry(line: string): Entry | undefined {
  const [, at = '', word, times = '0', reason] = ENTRY.exec(line) ?? [];
  const from = Date.parse(at);
  const kind = ENTRY_KINDS.find((kind): kind is EntryKind => kind === word);
  if (Number.isNaN(from) || kind === undefined) return undefined;
  return { from, kind, times: Number(times), ...(reason !== undefined && { reason }) };
}

function readPause(line: string): Pause | undefined {
  const [start = '', end = '', word, ...rest] = line.split(' ');
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const kind = PAUSE_KINDS.find((kind): kind is PauseKind => kind === word);
  if (!(from <= to) || kind === undefined || rest.length > 0) return undefined;
  return { kind, from, to };
}

/** The time in words, to the millisecond; a clock's fractions are left out. */
function iso(time: number): string {
  return new Date(time).toISOString();
}
