import type { SessionState } from '../bridge/contract.ts';

/** The shapes of the tray icon. The most urgent state of all accounts counts. */
export type Summary = 'sign-in-needed' | 'offline' | 'live' | 'idle';

export function summarise(states: readonly SessionState[]): Summary {
  if (states.includes('sign-in-needed')) return 'sign-in-needed';
  if (states.includes('offline')) return 'offline';
  if (states.some((state) => state === 'live' || state === 'renewing')) return 'live';
  return 'idle';
}
