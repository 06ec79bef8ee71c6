import { constants } from 'node:os';

const pending = new Set<() => void>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let listening = false;

/**
 * Runs `cleanUp` when this process ends, also by a signal. The latest `cleanUp` runs first.
 * @param cleanUp must be synchronous
 * @returns a function that cancels `cleanUp`
 */
export function atExit(cleanUp: () => void): () => void {
  if (!listening) listen();
  pending.add(cleanUp);
  return () => pending.delete(cleanUp);
}

function listen(): void {
  listening = true;
  process.on('exit', () => {
    for (const cleanUp of [...pending].toReversed()) cleanUp();
  });
  for (const signal of signals) {
    process.on(signal, () => {
      // Exit only if no other listener exists: the other listener will end the process, and may need time for that.
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}
