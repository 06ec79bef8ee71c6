import log from 'electron-log/main';
import { redact } from '../systems/redact.ts';

const FILE_LIMIT_BYTES = 1024 * 1024;

/** Writes to the log file, without anything that may be a secret. */
export function openLog(): Pick<typeof log, 'info' | 'error'> {
  log.transports.file.maxSize = FILE_LIMIT_BYTES;
  log.transports.console.level = false;
  log.hooks.push((message) => ({
    ...message,
    data: message.data.map((part: unknown) => redact(toText(part))),
  }));
  return log;
}

function toText(part: unknown): string {
  return part instanceof Error ? (part.stack ?? part.message) : String(part);
}
