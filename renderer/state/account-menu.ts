import type { AccountView } from '../../main/bridge/contract.ts';
import { m } from '../../main/messages/index.ts';
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
  const asKey = { label: m.session_key(), checked: copyFormat === undefined };
  const formats = [
    ...(hasKey ? [{ ...asKey, run: () => void commands.copyAs(account) }] : []),
    ...copyFormats.map((format) => ({
      label: format.label,
      checked: format.id === copyFormat,
      run: () => chooseFormat(format),
    })),
  ];
  return [
    { label: m.details(), run: () => navigation.showDetails(account) },
    needsSignIn(state)
      ? { label: m.sign_in(), run: () => void signIns.start(account) }
      : { label: m.sign_out(), run: () => void commands.signOut(account) },
    { label: m.edit(), run: () => void navigation.edit(account) },
    { label: m.duplicate(), run: () => void navigation.duplicate(account) },
    { label: pinned ? m.unpin() : m.pin(), run: () => void commands.pin(account) },
    {
      label: m.copy_as(),
      disabled: formats.length === 0,
      separatorBefore: true,
      entries: formats,
    },
    { label: m.verify_now(), disabled: !hasKey, run: () => void commands.verify(account) },
    { label: m.open_api_explorer(), run: () => void commands.openExplorer(account) },
    {
      label: m.remove(),
      disabled: account.isManaged,
      separatorBefore: true,
      danger: true,
      run: () => (navigation.dialog = { name: 'remove', account }),
    },
  ];
}
