import { join } from 'node:path';
// Not `electron-log/main`, which lets pages write to the log by IPC.
import log from 'electron-log/node';
import { redact } from '../systems/redact.ts';

const FILE_LIMIT_BYTES = 1024 * 1024;

/**
 * Opens the log file. Removes everything that may be a secret from each line before it is written.
 * @param secrets returns the secret values that are in use now
 */
export function openLog(
  folder: string,
  secrets: () => Iterable<string>,
): Pick<typeof log, 'info' | 'error'> {
  const { file, console } = log.transports;
  file.resolvePathFn = () => join(folder, 'main.log');
  file.maxSize = FILE_LIMIT_BYTES;
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' };
  console.level = false;
  log.hooks.push((message) => ({
    ...message,
    data: message.data.map((part: unknown) => redact(toText(part), secrets())),
  }));
  return log;
}

function toText(part: unknown): string {
  return part instanceof Error ? (part.stack ?? part.message) : String(part);
}
