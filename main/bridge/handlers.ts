import type { Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { findMethod, type AccountForm } from '../sessions/account-form.ts';
import { PRODUCT_PAGES } from '../product-pages.ts';
import { keepManaged } from '../sessions/managed-accounts.ts';
import type { Prompts } from '../sessions/prompts.ts';
import type { Services, System } from '../systems/system.ts';
import type { ActivityLog } from '../activity/activity-log.ts';
import { previewImport, readAccountFile, toAccountFile } from './account-file.ts';
import { activityView } from './activity-view.ts';
import type { CopyCheck, Result, Settings, Snapshot } from './contract.ts';
import { copyKey, type CopyDeps } from './copy-key.ts';
import { knownValues } from './known-values.ts';
import { checkLink, type LinkOwner } from './link-gate.ts';
import { readLicenses } from './licenses.ts';
import type { Notices } from './notices.ts';
import { activityReport, type Product } from './report.ts';
import type { Removals } from './removals.ts';
import type { Handlers } from './server.ts';
import { editableAccount, isInsecure, systemView } from './views.ts';

/** What only the desktop can do. */
export interface Desktop {
  /** @throws if the gate refuses the link */
  openLink(address: string, owner?: LinkOwner): Promise<void>;
  /** Copies text that is not secret: it stays on the clipboard. */
  copyText(text: string): Promise<void>;
  fitPopup(height: number): void;
  keepPopupAlive(keep: boolean): void;
  closePopup(): void;
  quit(): void;
  /** Asks the user where to. @returns false if the user has cancelled */
  saveFile(name: string, text: string): Promise<boolean>;
  /** Asks the user for a file, and shows the popup again. @returns undefined if the user has cancelled */
  openFile(): Promise<string | undefined>;
  /** Applies the settings that concern the operating system. Fails if it does not allow one. */
  applySettings(settings: Settings): Result<void>;
  /** The file `licenses.txt` of this installation. */
  readLicenses(): Promise<string>;
}

export interface HandlerDeps extends CopyDeps {
  readonly systems: readonly System[];
  readonly prompts: Prompts;
  readonly notices: Notices;
  readonly activity: ActivityLog;
  readonly services: () => Services;
  readonly clock: Clock;
  readonly removals: Removals;
  readonly product: Product;
  readonly desktop: Desktop;
  readonly snapshot: () => Snapshot;
  readonly onChange: () => void;
}

/** Handles the renderer's requests. `scripts/handlers.ts` handles those about scripts. */
export function createHandlers(
  deps: HandlerDeps,
): Omit<Handlers, 'setScriptAccess' | 'copyLocalAddress' | 'renewLocalAddress'> {
  let chosenImport: readonly AccountForm[] = [];
  const copyChecks = new Map<string, Promise<CopyCheck>>();
  const { systems, accounts, copier, prompts, settings, notices, desktop, activity, clock } = deps;
  return {
    snapshot: deps.snapshot,
    systems: () => systems.map(systemView),
    readAddress({ address: typed, ...ids }) {
      const found = findMethod(systems, ids);
      if (!found) return failed({ message: m.unknown_method() });
      const reading = found.system.readAddress(typed);
      if (!reading.ok) return failed({ message: reading.error, field: 'address' });
      const address = reading.value;
      const hostToTrust = found.method.hostToTrust?.(address);
      return success({
        address,
        isInsecure: isInsecure(address),
        ...(hostToTrust && { hostToTrust }),
      });
    },
    async askServer({ system: id, address: typed }) {
      const system = systems.find((system) => system.id === id);
      const reading = system?.readAddress(typed);
      if (!system || !reading?.ok) return false;
      const methodId = system.methods[0]!.id;
      const target = { address: reading.value, methodId, values: {}, learned: {} };
      const { signal } = new AbortController();
      return (await system.connect(target, deps.services()).identify(signal)).ok;
    },
    knownValues: ({ except }) =>
      knownValues(deps.removals.shown.filter(({ saved }) => saved.id !== except)),
    checkField: ({ field, value, ...ids }) =>
      findMethod(systems, ids)
        ?.method.fields.find(({ id }) => id === field)
        ?.problem?.(value.trim()),

    addAccount: ({ id, form }) => accounts.add(id, form),
    cancelSignIn: ({ id }) => accounts.cancelSignIn(id),
    editableAccount: ({ id }) => editableAccount(accounts.get(id)),
    saveAccount: ({ id, form }) => accounts.edit(id, keepManaged(accounts.get(id).saved, form)),
    removeAccount: ({ id }) => deps.removals.remove(id),
    undoRemove: ({ id }) => deps.removals.undo(id),
    async exportAccounts() {
      const text = toAccountFile(accounts.all.map(({ saved }) => saved));
      return desktop.saveFile('keyvigil-accounts.json', text);
    },
    async chooseImport() {
      chosenImport = [];
      const text = await desktop.openFile();
      if (text === undefined) return success([]);
      const reading = readAccountFile(text);
      if (!reading.ok) return failed({ message: reading.error });
      const existing = accounts.all.map(({ saved }) => saved);
      const preview = previewImport(reading.value, existing, systems);
      chosenImport = reading.value.filter((_, index) => preview[index]?.change === 'new');
      return success([...preview]);
    },
    importAccounts() {
      const forms = chosenImport;
      chosenImport = [];
      return accounts.addSignedOut(forms);
    },

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
      // Storing the time of a copy is slow. Do it only if the list is ordered by it.
      if (settings.get().accountOrder === 'last-copied') {
        accounts.get(id).update({ lastCopiedAt: clock.wall() });
        deps.onChange();
      }
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
      const owner = { address: saved.address, confirmedHost };
      const link = checkLink(address, owner);
      if (!link.ok) {
        return link.error.kind === 'unconfirmed'
          ? success({ hostToConfirm: link.error.host })
          : failed({ message: m.explorer_not_opened({ reason: link.error.message }) });
      }
      const copied = mustPasteKey ? await copyKey(deps, id) : undefined;
      if (copied?.ok === false) return copied;
      await desktop.openLink(address, owner);
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
      settings.save(changed);
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
