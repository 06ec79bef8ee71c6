import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { PRODUCT_PAGES } from '../product-pages.ts';
import { keepManaged } from '../sessions/managed-accounts.ts';
import { activityView } from './activity-view.ts';
import type { CopyCheck } from './contract.ts';
import { copyKey } from './copy-key.ts';
import { createFileHandlers } from './file-handlers.ts';
import { createFormHandlers } from './form-handlers.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { checkLink } from './link-gate.ts';
import { readLicenses } from './licenses.ts';
import { activityReport } from './report.ts';
import type { Handlers } from './server.ts';
import { editableAccount, systemView } from './views.ts';

/** Handles the renderer's requests, except those about scripts (`scripts/handlers.ts`). */
export function createHandlers(
  deps: HandlerDeps,
): Omit<Handlers, 'setScriptAccess' | 'copyLocalAddress' | 'renewLocalAddress'> {
  const copyChecks = new Map<string, Promise<CopyCheck>>();
  const { systems, accounts, copier, prompts, settings, notices, desktop, activity } = deps;
  return {
    snapshot: deps.snapshot,
    systems: () => systems.map(systemView),
    ...createFormHandlers(deps),
    ...createFileHandlers(deps),

    addAccount: ({ id, form }) => accounts.add(id, form),
    cancelSignIn: ({ id }) => accounts.cancelSignIn(id),
    editableAccount: ({ id }) => editableAccount(accounts.get(id)),
    saveAccount: ({ id, form }) => accounts.edit(id, keepManaged(accounts.get(id).saved, form)),
    removeAccount: ({ id }) => deps.shownAccounts.remove(id),
    undoRemove: ({ id }) => deps.shownAccounts.undo(id),
    signIn: ({ id, values }) => accounts.signIn(id, values),
    async signOut({ id }) {
      await accounts.get(id).signOut();
      return success(undefined);
    },
    verify: ({ id }) => accounts.get(id).verify(),
    async copy({ id, format }) {
      const copied = await copyKey(deps, id, format);
      if (!copied.ok) return copied;
      const { clearsInSeconds, check } = copied.value;
      if (check) copyChecks.set(id, check);
      return success({ clearsInSeconds, isChecking: check !== undefined });
    },
    setCopyFormat({ id, format = '' }) {
      accounts.get(id).update({ copyFormat: format });
      deps.onChange();
    },
    pinAccount({ id, pinned }) {
      accounts.get(id).update({ pinned });
      deps.onChange();
    },
    moveAccount: ({ id, before }) => accounts.move(id, before),
    async copyCheck({ id }) {
      return copyChecks.get(id);
    },
    listing({ id }) {
      const { listing } = accounts.get(id);
      return listing && { label: listing.label(), items: [...listing.items] };
    },
    activity: ({ id }) => activityView(activity.timelineOf(id), activity.usesOf(id)),
    async copyReport({ id }) {
      const report = activityReport(
        deps.product,
        accounts.get(id),
        activity.timelineOf(id),
        activity.usesOf(id),
      );
      await desktop.copyText(report);
      return true;
    },
    openPromptPage: ({ id }) => prompts.openPage(id),
    async copyPromptCode({ id }) {
      const prompt = prompts.get(id);
      if (prompt?.kind !== 'device-code') return false;
      await copier.copy(prompt.code, settings.get().clearClipboardSeconds);
      return true;
    },
    async openExplorer({ id, confirmedHost }) {
      const { system, target, saved } = accounts.get(id);
      const { address, mustPasteKey } = system.explorer(target);
      const context = { address: saved.address, confirmedHost };
      const link = checkLink(address, context);
      if (!link.ok) {
        return link.error.kind === 'unconfirmed'
          ? success({ hostToConfirm: link.error.host })
          : failed({ message: m.explorer_not_opened({ reason: link.error.message }) });
      }
      const copied = mustPasteKey ? await copyKey(deps, id) : undefined;
      if (copied?.ok === false) return copied;
      await desktop.openLink(address, context);
      const message = copied
        ? m.opened_in_browser_paste({ seconds: copied.value.clearsInSeconds })
        : m.opened_in_browser();
      return success({ message });
    },

    about: async () => ({
      ...deps.product,
      licenses: readLicenses(await desktop.readLicenses()),
    }),
    openProductPage: ({ page }) => desktop.openLink(PRODUCT_PAGES[page]),

    saveSettings(changed) {
      const applied = desktop.applySettings(changed);
      if (!applied.ok) {
        desktop.applySettings(settings.get());
        return applied;
      }
      try {
        settings.save(changed);
      } catch (error) {
        // The settings are applied already, and count until Keyvigil quits.
        deps.onNotStored(error);
      }
      deps.onChange();
      return success(undefined);
    },
    dismissNotice: ({ id }) => notices.dismiss(id),
    fitPopup: ({ height }) => desktop.fitPopup(height),
    keepPopupAlive: ({ keep }) => desktop.keepPopupAlive(keep),
    closePopup: () => desktop.closePopup(),
    quit: () => desktop.quit(),
  };
}
