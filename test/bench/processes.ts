/** Reads Linux's figures of all processes of an app. */
import { readdirSync, readFileSync } from 'node:fs';

/** @param leader the leader of the session to which all processes of the app belong */
export function processesOf(leader: number): number[] {
  return numbersIn('/proc').filter((pid) => fieldsOf(pid)?.[SESSION] === String(leader));
}

/** The place of the session among the fields after the name in /proc/PID/stat. */
const SESSION = 3;

function fieldsOf(pid: number): string[] | undefined {
  return read(`/proc/${pid}/stat`)
    ?.replace(/^.*\) /s, '')
    .split(' ');
}

/** @returns the memory of these processes in MiB; memory that several processes share is divided among them */
export function pssMiB(pids: readonly number[]): number {
  return sum(pids, (pid) => find(read(`/proc/${pid}/smaps_rollup`), /^Pss:\s+(\d+)/m)) / 1024;
}

export interface Work {
  readonly cpuMs: number;
  /** The number of times that a thread began to run after a wait. */
  readonly wakeUps: number;
}

/** @returns the work of these processes since their start */
export function workOf(pids: readonly number[]): Work {
  const threads = pids.flatMap((pid) =>
    numbersIn(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`),
  );
  return {
    cpuMs: sum(threads, (thread) => find(read(`${thread}/schedstat`), /^(\d+)/)) / 1e6,
    wakeUps: sum(threads, (thread) =>
      find(read(`${thread}/status`), /^voluntary_ctxt_switches:\s+(\d+)/m),
    ),
  };
}

export function renderersOf(leader: number): number[] {
  return processesOf(leader).filter((pid) =>
    read(`/proc/${pid}/cmdline`)?.includes('--type=renderer'),
  );
}

function numbersIn(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter((number) => number > 0);
  } catch {
    return [];
  }
}

/** @returns undefined if the process has ended */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const find = (text: string | undefined, pattern: RegExp) =>
  Number(pattern.exec(text ?? '')?.[1] ?? 0);

function sum<T>(all: readonly T[], valueOf: (one: T) => number): number {
  return all.reduce((total, one) => total + valueOf(one), 0);
}
