import type { SessionState } from './contract.ts';

/** The words on screen for what a session can be, in the popup and in the tray's menu. */
export const STATE_WORDS: Readonly<Record<SessionState, string>> = {
  'signed-out': 'Signed out',
  'signing-in': 'Signing in…',
  live: 'Live',
  renewing: 'Renewing…',
  offline: 'Offline',
  'sign-in-needed': 'Sign-in needed',
};
