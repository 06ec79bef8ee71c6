import type { AccountView } from '../../main/bridge/contract.ts';
import { needsSignIn } from '../words.ts';
import type { MenuEntry } from './menu.svelte.ts';
import type { PopupState } from './popup.svelte.ts';

/** The entries of an account's menu *More*. */
export function accountMenu(
  account: AccountView,
  { commands, navigation, signIns }: PopupState,
): MenuEntry[] {
  const { state, hasKey, copyFormats, copyFormat, pinned } = account;
  const chooseFormat = ({ id, label, warning }: AccountView['copyFormats'][number]) => {
    if (warning === undefined) void commands.copyAs(account, id);
    else navigation.dialog = { name: 'copy-secret', account, format: { id, label, warning } };
  };
  const asKey = { label: 'Session key', checked: copyFormat === undefined };
  const formats = [
    ...(hasKey ? [{ ...asKey, run: () => void commands.copyAs(account) }] : []),
    ...copyFormats.map((format) => ({
      label: format.label,
      checked: format.id === copyFormat,
      run: () => chooseFormat(format),
    })),
  ];
  return [
    { label: 'Details', run: () => navigation.showDetails(account) },
    needsSignIn(state)
      ? { label: 'Sign in', run: () => void signIns.start(account) }
      : { label: 'Sign out', run: () => void commands.signOut(account) },
    { label: 'Edit', run: () => void navigation.edit(account) },
    { label: 'Duplicate', run: () => void navigation.duplicate(account) },
    { label: pinned ? 'Unpin' : 'Pin', run: () => void commands.pin(account) },
    {
      label: 'Copy as …',
      disabled: formats.length === 0,
      separatorBefore: true,
      entries: formats,
    },
    { label: 'Verify now', disabled: !hasKey, run: () => void commands.verify(account) },
    { label: 'Open API explorer', run: () => void commands.openExplorer(account) },
    {
      label: 'Remove',
      separatorBefore: true,
      danger: true,
      run: () => (navigation.dialog = { name: 'remove', account }),
    },
  ];
}
