import type { MenuItemConstructorOptions } from 'electron';
import { needsSignIn, stateWords } from '../bridge/state-words.ts';
import type { AccountBrief } from '../bridge/contract.ts';
import { cutText } from '../cut-text.ts';
import { m } from '../messages/index.ts';
import { summarise } from './tray-summary.ts';
import type { TrayActions } from './tray.ts';

/** A longer menu does not fit on a screen, and desktops build it slowly. The popup has all accounts. */
const MAX_IN_MENU = 20;

export function menu(
  accounts: readonly AccountBrief[],
  newVersion: string | undefined,
  actions: TrayActions,
): readonly MenuItemConstructorOptions[] {
  const more = Math.max(accounts.length - MAX_IN_MENU, 0);
  return [
    ...accounts.slice(0, MAX_IN_MENU).map(({ id, name, state, hasKey }) => ({
      // In a menu, a single & marks the key that chooses an entry.
      label: `${name.replaceAll('&', '&&')}: ${stateWords(state)}`,
      submenu: [
        { label: m.copy_session_key(), enabled: hasKey, click: () => actions.copyKey(id) },
        ...(needsSignIn(state) ? [{ label: m.sign_in(), click: () => actions.signIn(id) }] : []),
      ],
    })),
    ...(more > 0
      ? [{ label: m.more_accounts({ count: more }), click: () => actions.openPopup() }]
      : []),
    ...(accounts.length > 0 ? [{ type: 'separator' as const }] : []),
    // On some Linux desktops, every click opens this menu (electron#37112).
    { label: m.open_keyvigil(), click: () => actions.openPopup() },
    { label: m.add_account(), click: () => actions.addAccount() },
    ...(newVersion === undefined
      ? []
      : [
          {
            label: m.update_to_version({ version: newVersion }),
            click: () => actions.update(),
          },
        ]),
    { label: m.quit(), click: () => actions.quit() },
  ];
}

/** Windows cuts off a longer tool tip. */
const MAX_TOOL_TIP = 127;

/** The accounts with the most urgent state, if they need attention. */
export function toolTip(accounts: readonly AccountBrief[]): string {
  const summary = summarise(accounts.map(({ state }) => state));
  if (summary === 'idle') return 'Keyvigil';
  if (summary === 'live') return m.all_sessions_live();
  const state = summary === 'offline' ? 'offline' : 'sign-in-needed';
  const names = accounts.filter((account) => account.state === state).map(({ name }) => name);
  const text = `Keyvigil\n${stateWords(state)}: ${names.join(', ')}`;
  return text.length > MAX_TOOL_TIP ? `${cutText(text, MAX_TOOL_TIP - 1)}…` : text;
}
