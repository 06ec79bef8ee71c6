/** The words on screen that depend on the snapshot and the time. Times are milliseconds since 1970. */
import type { AccountView, SignInPrompt } from '../main/bridge/contract.ts';
import { keptAlive } from '../main/bridge/state-words.ts';

export { needsSignIn, STATE_WORDS } from '../main/bridge/state-words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The longest wait that is shown in seconds. */
const MAX_SHOWN_IN_SECONDS = 90 * SECOND;

export const REQUEST_FAILED =
  'Something went wrong in Keyvigil. Try again, or quit Keyvigil and start it again.';

export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < MINUTE) return 'just now';
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min ago`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h ago`;
  const days = Math.floor(passed / DAY);
  return days === 1 ? '1 day ago' : `${days} days ago`;
}

const wait = (ms: number): string =>
  ms <= MAX_SHOWN_IN_SECONDS ? `${Math.ceil(ms / SECOND)} s` : `${Math.ceil(ms / MINUTE)} min`;

export function retryWords(retryAt: number, now: number): string {
  const left = retryAt - now;
  return left <= 0 ? 'trying again now' : `trying again in ${wait(left)}`;
}

/** How long a sign-in still waits for its user. A code is typed against the clock, so its time is shown in seconds. */
export function promptTimeLeft({ kind, expiresAt }: SignInPrompt, now: number): string {
  const left = expiresAt - now;
  if (left <= 0) return 'Ending…';
  if (kind !== 'device-code') return `Ends in ${wait(left)}`;
  const seconds = Math.ceil(left / SECOND);
  return `Expires in ${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** How long `promptTimeLeft` stays true. */
export function msToPromptChange({ kind, expiresAt }: SignInPrompt, now: number): number {
  const left = expiresAt - now;
  if (left <= 0) return MINUTE;
  if (kind === 'device-code' || left <= MAX_SHOWN_IN_SECONDS) return left % SECOND || SECOND;
  return Math.min(left % MINUTE || MINUTE, left - MAX_SHOWN_IN_SECONDS);
}

/** A label inside a sentence: "Projects" becomes "projects", "API keys" stays. */
export const inSentence = (label: string): string =>
  /^\p{Lu}(?!\p{Lu})/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;

/** The words after the state. The most useful part comes first, because a narrow row cuts off the end. */
export function accountLine(account: AccountView, now: number): string[] {
  const { state, systemName, methodLabel, verifiedAt, retryAt } = account;
  if (account.isResting && account.hasKey) return ['resting', systemName];
  switch (state) {
    case 'live':
      return verifiedAt === undefined
        ? [systemName]
        : [`verified ${ago(verifiedAt, now)}`, systemName];
    case 'offline':
      return retryAt === undefined ? [systemName] : [retryWords(retryAt, now), systemName];
    case 'sign-in-needed':
      return [systemName];
    case 'signed-out':
    case 'signing-in':
    case 'renewing':
      return [systemName, methodLabel];
  }
}

/** Why the account is in its state, and what that means for its key. */
export function accountReason({ state, hasKey, problem }: AccountView): string | undefined {
  const doubt = state === 'offline' && hasKey ? 'The key may no longer work.' : undefined;
  return [problem, doubt].filter((part) => part !== undefined).join(' ') || undefined;
}

export function accountFacts(account: AccountView): AccountView['facts'] {
  const { since, verifiedAt } = account;
  return [
    { label: 'System', value: account.systemName },
    { label: 'Server address', value: account.address },
    { label: 'Signs in with', value: account.methodLabel },
    ...(since === undefined ? [] : [{ label: 'Signed in', value: dateTime(since) }]),
    ...(verifiedAt === undefined ? [] : [{ label: 'Last verified', value: dateTime(verifiedAt) }]),
    { label: 'Kept alive', value: keptAlive(account) },
    {
      label: 'Remembered',
      value: account.isRemembered ? 'on this computer' : 'until Keyvigil quits',
    },
    ...account.facts,
  ];
}

const dateTime = (at: number): string =>
  new Date(at).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function countLive(accounts: readonly AccountView[]): string {
  const live = accounts.filter((account) => account.state === 'live').length;
  return `${live} of ${accounts.length} live`;
}

export const accountCount = (count: number): string =>
  count === 1 ? '1 account' : `${count} accounts`;

export const copied = (name: string, seconds: number, format?: string): string =>
  `Copied “${name}”${format === undefined ? '' : ` as ${format}`}. Clears in ${seconds} s.`;

/** How long the times in the list stay true. */
export function msToListChange(accounts: readonly AccountView[], now: number): number {
  const changes = accounts.flatMap(({ state, verifiedAt, retryAt }) => {
    if (state === 'offline' && retryAt !== undefined && retryAt > now) {
      return [(retryAt - now) % SECOND || SECOND];
    }
    if (verifiedAt !== undefined) return [MINUTE - (Math.max(0, now - verifiedAt) % MINUTE)];
    return [];
  });
  return Math.min(MINUTE, ...changes);
}
