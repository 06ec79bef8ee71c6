import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** What the processes of a group listen on: paths of sockets, and ports with their protocols. Linux alone tells. */
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

/** `TCP_LISTEN` and `__SO_ACCEPTCON` in the kernel's headers. */
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
      // After the name, which may hold anything: state, parent, group.
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
