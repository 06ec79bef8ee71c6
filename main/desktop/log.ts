import log from 'electron-log/main';
import { redact } from '../systems/redact.ts';

/** Writes to the log file, without anything that may be a secret. */
export interface Log {
  info(text: string): void;
  error(error: unknown): void;
}

const FILE_LIMIT_BYTES = 1024 * 1024;

export function openLog(): Log {
  log.transports.file.maxSize = FILE_LIMIT_BYTES;
  log.transports.console.level = false;
  log.hooks.push((message) => ({
    ...message,
    data: message.data.map((part: unknown) => redact(toText(part))),
  }));
  return { info: (text) => log.info(text), error: (error) => log.error(error) };
}

function toText(part: unknown): string {
  return part instanceof Error ? (part.stack ?? part.message) : String(part);
}
