import { constants } from 'node:os';

const pending = new Set<() => void>();
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
let listening = false;

/**
 * Runs `tidy` when this process ends, by a signal too; it must be synchronous. What came last goes first.
 * Returns what takes it back.
 */
export function atExit(tidy: () => void): () => void {
  if (!listening) listen();
  pending.add(tidy);
  return () => pending.delete(tidy);
}

function listen(): void {
  listening = true;
  process.on('exit', () => {
    for (const tidy of [...pending].toReversed()) tidy();
  });
  for (const signal of signals) {
    process.on(signal, () => {
      // Whoever else listens has their own way to end, and may need time for it.
      if (process.listenerCount(signal) === 1) process.exit(128 + constants.signals[signal]);
    });
  }
}
