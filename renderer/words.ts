/** The words on screen that depend on the snapshot and the time. Times are milliseconds since 1970. */
import type { AccountView, SignInPrompt } from '../main/bridge/contract.ts';
import { keptAlive } from '../main/bridge/state-words.ts';
import { formatDate } from '../main/messages/formats.ts';
import { getLocale, m } from '../main/messages/index.ts';

export { needsSignIn, stateWords } from '../main/bridge/state-words.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The longest wait that is shown in seconds. */
const MAX_SHOWN_IN_SECONDS = 90 * SECOND;

export function ago(at: number, now: number): string {
  const passed = now - at;
  if (passed < MINUTE) return m.just_now();
  if (passed < HOUR) return m.minutes_ago({ minutes: Math.floor(passed / MINUTE) });
  if (passed < DAY) return m.hours_ago({ hours: Math.floor(passed / HOUR) });
  return m.days_ago({ count: Math.floor(passed / DAY) });
}

const wait = (ms: number): string =>
  ms <= MAX_SHOWN_IN_SECONDS ? `${Math.ceil(ms / SECOND)} s` : `${Math.ceil(ms / MINUTE)} min`;

export function retryWords(retryAt: number, now: number): string {
  const left = retryAt - now;
  return left <= 0 ? m.trying_again_now() : m.trying_again_in({ wait: wait(left) });
}

/** How long a sign-in still waits for its user. A user who must type a code sees every second. */
export function promptTimeLeft({ kind, expiresAt }: SignInPrompt, now: number): string {
  const left = expiresAt - now;
  if (left <= 0) return m.ending();
  if (kind !== 'device-code') return m.ends_in({ wait: wait(left) });
  const seconds = Math.ceil(left / SECOND);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  return m.expires_in({ wait: clock });
}

/** In how many milliseconds the text of `promptTimeLeft` changes. */
export function msToPromptChange({ kind, expiresAt }: SignInPrompt, now: number): number {
  const left = expiresAt - now;
  if (left <= 0) return MINUTE;
  if (kind === 'device-code' || left <= MAX_SHOWN_IN_SECONDS) return left % SECOND || SECOND;
  return Math.min(left % MINUTE || MINUTE, left - MAX_SHOWN_IN_SECONDS);
}

/** A label inside a sentence: "Projects" becomes "projects", "API keys" stays. German nouns stay, too. */
export const inSentence = (label: string): string =>
  getLocale() === 'en' && /^\p{Lu}(?!\p{Lu})/u.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;

/** The words that a row shows after the state. The most useful part comes first, because a narrow row cuts off the end. */
export function accountLine(account: AccountView, now: number): string[] {
  const { state, systemName, methodLabel, verifiedAt, retryAt } = account;
  if (account.isResting && account.hasKey) return [m.resting(), systemName];
  switch (state) {
    case 'live':
      return verifiedAt === undefined
        ? [systemName]
        : [m.verified_ago({ ago: ago(verifiedAt, now) }), systemName];
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
  const doubt = state === 'offline' && hasKey ? m.key_may_not_work() : undefined;
  return [problem, doubt].filter((part) => part !== undefined).join(' ') || undefined;
}

export function accountFacts(account: AccountView): AccountView['facts'] {
  const { since, verifiedAt } = account;
  return [
    { label: m.system(), value: account.systemName },
    { label: m.server_address(), value: account.address },
    { label: m.signs_in_with(), value: account.methodLabel },
    ...(since === undefined ? [] : [{ label: m.signed_in(), value: dateTime(since) }]),
    ...(verifiedAt === undefined
      ? []
      : [{ label: m.last_verified(), value: dateTime(verifiedAt) }]),
    { label: m.kept_alive(), value: keptAlive(account) },
    {
      label: m.remembered(),
      value: account.isRemembered ? m.on_this_computer() : m.until_keyvigil_quits(),
    },
    ...account.facts,
  ];
}

const dateTime = (at: number): string =>
  formatDate(at, { dateStyle: 'medium', timeStyle: 'short' });

export function countLive(accounts: readonly AccountView[]): string {
  const live = accounts.filter((account) => account.state === 'live').length;
  return m.live_of_total({ live, total: accounts.length });
}

export const copied = (name: string, seconds: number, format?: string): string =>
  format === undefined
    ? m.copied_name({ name, seconds })
    : m.copied_name_as({ name, format, seconds });

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
