import type { SessionState } from '../bridge/contract.ts';

/** What the tray icon says by its shape; the most urgent state counts. */
export type Summary = 'needs-you' | 'offline' | 'live' | 'idle';

export function summarise(states: readonly SessionState[]): Summary {
  if (states.includes('sign-in-needed')) return 'needs-you';
  if (states.includes('offline')) return 'offline';
  if (states.some((state) => state === 'live' || state === 'renewing')) return 'live';
  return 'idle';
}
