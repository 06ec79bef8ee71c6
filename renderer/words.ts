/** The words on screen that are made from the snapshot: states, times and counts. Times are milliseconds since 1970. */
import type { AccountView, SignInPrompt } from '../main/bridge/contract.ts';

export { STATE_WORDS } from '../main/bridge/state-words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Up to here a wait is counted in seconds; beyond, nobody counts along. */
const COUNTED_IN_SECONDS = 90 * SECOND;

export const somethingWentWrong =
  'Something went wrong in Keyvigil. Try again; if it happens once more, quit Keyvigil and start it again.';

export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  const days = Math.floor(passed / DAY);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

export const verified = (at: number, now: number): string => `verified ${ago(at, now)}`;

function ahead(left: number): string {
  return left <= COUNTED_IN_SECONDS
    ? `${Math.ceil(left / SECOND)} s`
    : `${Math.ceil(left / MINUTE)} min`;
}

export function tryingAgain(at: number, now: number): string {
  const left = at - now;
  return left <= 0 ? 'trying again now' : `trying again in ${ahead(left)}`;
}

/** How long a sign-in still waits. A code is typed elsewhere, against the clock: its time is counted by the second. */
export function promptEnd({ kind, expiresAt }: SignInPrompt, now: number): string {
  const left = expiresAt - now;
  if (left <= 0) return 'Ending…';
  if (kind !== 'device-code') return `Ends by itself in ${ahead(left)}`;
  const seconds = Math.ceil(left / SECOND);
  return `Expires in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** In how many milliseconds `promptEnd` reads differently. */
export function untilPromptChange({ kind, expiresAt }: SignInPrompt, now: number): number {
  const left = expiresAt - now;
  if (left <= 0) return MINUTE;
  if (kind === 'device-code' || left <= COUNTED_IN_SECONDS) return left % SECOND || SECOND;
  return Math.min(left % MINUTE || MINUTE, left - COUNTED_IN_SECONDS);
}

/** A label within a sentence: "Projects" becomes "projects", "API keys" stays. */
export const inSentence = (label: string): string =>
  /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** What stands behind the state's word, the most telling part first, as a narrow row may cut off the end. */
export function accountLine(account: AccountView, now: number): string[] {
  const { state, systemName, methodLabel, verifiedAt, retryAt } = account;
  switch (state) {
    case 'live':
      return verifiedAt === undefined ? [systemName] : [verified(verifiedAt, now), systemName];
    case 'offline':
      return retryAt === undefined ? [systemName] : [tryingAgain(retryAt, now), systemName];
    case 'sign-in-needed':
      return [systemName];
    case 'signed-out':
    case 'signing-in':
    case 'renewing':
      return [systemName, methodLabel];
  }
}

/** Why the account is as it is, and what that means for a key that is still held. */
export function accountReason(account: AccountView): string | undefined {
  const doubt =
    account.state === 'offline' && account.hasKey ? 'The key may no longer work.' : undefined;
  return [account.problem, doubt].filter((part) => part !== undefined).join(' ') || undefined;
}

export function countLive(accounts: readonly AccountView[]): string {
  const live = accounts.filter((account) => account.state === 'live').length;
  return `${live} of ${accounts.length} live`;
}

export const copied = (name: string, seconds: number, format?: string): string =>
  `Copied “${name}”${format === undefined ? '' : ` as ${format}`}. Clears in ${seconds} s.`;

export const moment = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** In how many milliseconds one of the times on screen reads differently. */
export function untilNextChange(accounts: readonly AccountView[], now: number): number {
  const waits = accounts.flatMap(({ state, verifiedAt, retryAt }) => {
    if (state === 'offline' && retryAt !== undefined && retryAt > now) {
      return [(retryAt - now) % SECOND || SECOND];
    }
    if (verifiedAt !== undefined) return [MINUTE - (Math.max(0, now - verifiedAt) % MINUTE)];
    return [];
  });
  return Math.min(MINUTE, ...waits);
}
