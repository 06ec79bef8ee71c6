import { stateWords } from '../bridge/state-words.ts';
import type { AccountBrief, SessionState } from '../bridge/contract.ts';
import { m } from '../messages/index.ts';

/** What the tray icon says by its shape; the most urgent state counts. */
export type Summary = 'needs-you' | 'offline' | 'live' | 'idle';

export function summarise(states: readonly SessionState[]): Summary {
  if (states.includes('sign-in-needed')) return 'needs-you';
  if (states.includes('offline')) return 'offline';
  if (states.some((state) => state === 'live' || state === 'renewing')) return 'live';
  return 'idle';
}

/** Windows cuts off a longer tool tip. */
const MAX_TOOL_TIP = 127;

/** The names of the accounts that need attention, the most urgent state only. */
export function toolTip(accounts: readonly AccountBrief[]): string {
  const summary = summarise(accounts.map(({ state }) => state));
  if (summary === 'idle') return 'Keyvigil';
  if (summary === 'live') return m.all_sessions_live();
  const state = summary === 'offline' ? 'offline' : 'sign-in-needed';
  const names = accounts.filter((account) => account.state === state).map(({ name }) => name);
  const text = `Keyvigil\n${stateWords(state)}: ${names.join(', ')}`;
  return text.length > MAX_TOOL_TIP ? `${text.slice(0, MAX_TOOL_TIP - 1)}…` : text;
}
