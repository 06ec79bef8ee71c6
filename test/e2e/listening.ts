import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** @returns what the processes of a group listen on: paths of sockets, and ports with their protocols; only Linux tells this */
export function listening(group: number): string[] {
  const inodes = new Set(processesOf(group).flatMap(socketsOf));
  const ports = ['tcp', 'tcp6', 'udp', 'udp6'].flatMap((protocol) =>
    rows(protocol)
      .filter((row) => inodes.has(row[9]!) && (protocol.startsWith('udp') || row[3] === LISTEN))
      .map((row) => `${protocol} ${Number.parseInt(row[1]!.split(':')[1]!, 16)}`),
  );
  const paths = rows('unix')
    .filter((row) => inodes.has(row[6]!) && row[3] === ACCEPTS_CONNECTIONS)
    .map((row) => row[7]!);
  return [...paths, ...ports];
}

/** The values of `TCP_LISTEN` and `__SO_ACCEPTCON` in the kernel's headers. */
const LISTEN = '0A';
const ACCEPTS_CONNECTIONS = '00010000';

const rows = (table: string): string[][] =>
  readFileSync(`/proc/net/${table}`, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/));

function processesOf(group: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      // The process's name may hold any text. The fields after the name are state, parent and group.
      const [, , itsGroup] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .split(') ')
        .at(-1)!
        .split(' ');
      return Number(itsGroup) === group;
    } catch {
      return false;
    }
  });
}

function socketsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function inodeOf(descriptor: string): string[] {
  try {
    const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1];
    return inode === undefined ? [] : [inode];
  } catch {
    return [];
  }
}
