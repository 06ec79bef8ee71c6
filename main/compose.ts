/** The composition root: makes every part, and gives each part what it needs. */
import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import * as electron from 'electron';
import { app, net, powerMonitor, shell } from 'electron';
import { ActivityLog } from './activity/activity-log.ts';
import type { CopyDeps } from './bridge/copy-key.ts';
import { storedFormats } from './bridge/stored-formats.ts';
import { checkLink, type LinkContext } from './bridge/link-gate.ts';
import { createHandlers } from './bridge/handlers.ts';
import { LastDays } from './bridge/last-days.ts';
import { createOnNotStored } from './bridge/not-stored.ts';
import { Notices } from './bridge/notices.ts';
import { createBridgeServer } from './bridge/server.ts';
import { snapshotText } from './bridge/snapshot.ts';
import { accountBrief, screenOf } from './bridge/views.ts';
import { SECOND_MS, systemClock as clock } from './clock.ts';
import { serveRenderer } from './desktop/app-protocol.ts';
import { collectGarbage } from './desktop/collect-garbage.ts';
import { createClipboard } from './desktop/clipboard.ts';
import { applyLanguage } from './desktop/language.ts';
import { SecretCopier } from './desktop/secret-copier.ts';
import { createAutostart, STARTED_HIDDEN } from './desktop/autostart.ts';
import { NetworkWatch } from './desktop/network-watch.ts';
import { notify } from './desktop/notifications.ts';
import { Popup } from './desktop/popup.ts';
import { readProduct } from './desktop/product.ts';
import { currentNetwork, followSleep, watchPresence } from './desktop/power-and-network.ts';
import { grantRendererAccess } from './desktop/renderer-access.ts';
import { QuietCopy } from './desktop/quiet-copy.ts';
import { SystemSettings } from './desktop/system-settings.ts';
import { saveAtLogoff } from './desktop/windows-logoff.ts';
import { SignInNotifier } from './desktop/sign-in-notifier.ts';
import { openSignInWindow } from './desktop/sign-in-window.ts';
import * as trayWords from './desktop/tray-words.ts';
import type { TrayActions, TrayIcon } from './desktop/tray.ts';
import { createDesktop } from './desktop/create-desktop.ts';
import { createUpdates } from './desktop/create-updates.ts';
import { upstream } from './desktop/upstream.ts';
import { Scripts } from './scripts/index.ts';
import { AccountList } from './sessions/account-list.ts';
import { ShownAccounts } from './bridge/shown-accounts.ts';
import { AccountStorage } from './sessions/account-storage.ts';
import { KeepAliveScheduler } from './sessions/keep-alive-scheduler.ts';
import { LiveKeys } from './sessions/live-keys.ts';
import { Prompts } from './sessions/prompts.ts';
import { openActivity } from './storage/activity.ts';
import { entraStandIn } from './systems/entra/stand-in.ts';
import { systems } from './systems/index.ts';
import type { Services } from './systems/system.ts';
import { createRequestLimit } from './systems/request-limit.ts';

/** How long after the start Keyvigil makes the first click on its icon fast and gives memory back. Both would slow the start. */
const SETTLED_MS = 4 * SECOND_MS;

/** @returns a function that opens the popup */
export async function compose(tray: TrayIcon): Promise<() => void> {
  // Load these two at the same time, because they take longer than everything else here.
  const [{ openLog }, { openProfile }] = await Promise.all([
    import('./desktop/log.ts'),
    import('./desktop/open-profile.ts'),
  ]);
  const folderPath = app.getPath('userData');
  chmodSync(folderPath, 0o700);
  const log = openLog(app.getPath('logs'), () => accounts.secretsInUse);
  const logError = (error: unknown) => log.error(error);
  process.on('unhandledRejection', logError);

  // What is stored.
  const notices = new Notices();
  const { folder, settings, accountStore, vault } = await openProfile(folderPath, notices, clock);
  applyLanguage(settings.get());
  const activity = new ActivityLog({ open: () => openActivity(folder), clock, logError });

  // The sessions.
  const standIn = entraStandIn(app.isPackaged, process.env);
  /** Every address that another program opens goes through this function. */
  async function openLink(address: string, context?: LinkContext): Promise<void> {
    const link = checkLink(address, context);
    if (!link.ok) throw new Error('The gate refused to open a link.');
    await shell.openExternal(standIn(link.value));
  }
  const prompts = new Prompts({
    openBrowser: openLink,
    openWindow: (url, returnUrl, signal) => openSignInWindow(standIn(url), returnUrl, signal),
    onChange: () => changed(),
    onReturn: () => popup.open(),
  });
  const limit = createRequestLimit();
  const scheduler = new KeepAliveScheduler({
    clock,
    random: Math.random,
    presence: watchPresence(),
    logError,
    onSlept: (from, to) => activity.slept(from, to),
  });
  const onNotStored = createOnNotStored(notices, logError);
  const services = (): Services => ({
    fetch: (url, init) => net.fetch(standIn(url), init),
    limit,
    clock,
    timeLimitMs: settings.get().requestSeconds * SECOND_MS,
  });
  const accounts = new AccountList({
    systems,
    services,
    storage: new AccountStorage({ accounts: accountStore, vault, onNotStored }),
    scheduler,
    clock,
    random: Math.random,
    interaction: (account) => prompts.interactionFor(account),
    observer: activity,
    logError,
  });
  const network = new NetworkWatch({
    clock,
    network: currentNetwork,
    isNeeded: () => accounts.all.some(({ session }) => session.state === 'offline'),
    onReturn: () => scheduler.networkReturned(),
  });

  // The desktop.
  const clipboard = createClipboard({
    clipboard: electron.clipboard,
    // Undefined before Electron 44.
    ClipboardItem: electron.ClipboardItem,
    platform: process.platform,
  });
  const copier = new SecretCopier(clipboard, clock, logError);
  const popup = new Popup(
    join(import.meta.dirname, '../preload/preload.cjs'),
    clock,
    () => tray.bounds,
  );
  const openPopup = () => popup.open();
  const notifier = new SignInNotifier({
    clock,
    notify,
    mayNotify: () => settings.get().notifications && !popup.isOpen,
    open: (id) => popup.open(id === undefined ? undefined : { name: 'row', id }),
  });
  const autostart = createAutostart(app, process);
  const systemSettings = new SystemSettings(autostart, {
    openShortcut: openPopup,
    copyShortcut: () => void quietCopy.copyFirst().catch(logError),
  });
  const updates = createUpdates({
    accounts,
    shown: () => shownAccounts.all,
    canRemember: vault.canStore,
    settings,
    notices,
    tray,
    clock,
    logError,
  });

  const product = readProduct();
  const keys = new LiveKeys(clock);
  const scripts = new Scripts({
    accounts,
    shown: () => shownAccounts.all,
    keys,
    copier,
    settings,
    notices,
    activity,
    upstream,
    openPopup: (account) => popup.open(account && screenOf(account)),
    version: product.version,
    profile: folderPath,
    env: process.env,
    platform: process.platform,
    clock,
    logError,
  });
  const keylessFormats = scripts.keylessFormats.bind(scripts);

  // The bridge.
  const shownAccounts = new ShownAccounts({ accounts, settings, clock, onChange: () => changed() });
  const lastDays = new LastDays(activity, clock);
  const snapshot = () =>
    snapshotText({
      shownAccounts,
      prompts,
      notices,
      settings,
      clock,
      lastDays,
      keylessFormats,
      fixed: {
        canLaunchAtLogin: autostart !== undefined,
        canUpdate: updates !== undefined,
        canRemember: vault.canStore,
        version: product.version,
      },
    });
  const copyDeps: CopyDeps = {
    accounts,
    keys,
    copier,
    settings,
    keylessFormats,
    onCheck: (account, check) => {
      if (!popup.isOpen) quietCopy.tell(account, check);
    },
    clock,
    onChange: () => changed(),
  };
  const quietCopy = new QuietCopy(copyDeps, shownAccounts, openPopup);
  const handlers = createHandlers({
    ...copyDeps,
    systems,
    services,
    prompts,
    notices,
    onNotStored,
    activity,
    shownAccounts,
    product,
    desktop: createDesktop({ popup, clipboard, systemSettings, openLink }),
    snapshot,
  });
  const answer = createBridgeServer({ ...handlers, ...scripts.handlers }, logError);
  grantRendererAccess(answer, () => popup.contents);
  await serveRenderer(join(import.meta.dirname, '../renderer'));

  /** Many changes in one turn of the event loop are shown once. */
  let isShowing = false;
  function changed(): void {
    if (isShowing) return;
    isShowing = true;
    setImmediate(() => {
      isShowing = false;
      const briefs = shownAccounts.all.map(accountBrief);
      tray.update(briefs);
      notifier.update(briefs);
      popup.send(snapshot);
      network.update();
      void scripts.update();
    });
  }
  accounts.onChange(changed);
  notices.onChange(changed);

  followSleep(scheduler);
  powerMonitor.on('lock-screen', () => {
    if (settings.get().clearOnLock) void copier.clearNow().catch(logError);
  });
  app.on('activate', openPopup);
  const save = () => {
    scripts.stop();
    shownAccounts.finishRemovals();
    accounts.stop();
    activity.stop();
  };
  app.on('before-quit', save);
  saveAtLogoff(electron, process.platform, save);
  app.on('will-quit', (event) => {
    // No copied key may stay on the clipboard.
    event.preventDefault();
    const sessionsEnded = accounts.endSessions(settings.get().signOutAtQuit ? 'all' : 'removed');
    void Promise.all([copier.clearNow(), sessionsEnded])
      .catch(logError)
      .finally(() => app.exit());
  });

  const trayActions: TrayActions = {
    togglePopup: () => popup.toggle(),
    openPopup,
    addAccount: () => popup.open({ name: 'add-account' }),
    copyKey: (id) => void quietCopy.copy(id).catch(logError),
    signIn(id) {
      // The account's row shows the progress, and has a button if something must be typed.
      popup.open({ name: 'row', id });
      if (accounts.get(id).credentials.canSignInAlone) void accounts.signIn(id).catch(logError);
    },
    update: () => void updates?.install(),
    quit: () => app.quit(),
  };
  tray.connect(trayActions, trayWords);
  accounts.start();
  // If another program has taken a shortcut, the shortcut is missing until the settings change.
  systemSettings.apply(settings.get());
  void scripts.start();
  updates?.start();
  const storedTexts = accounts.all.flatMap(storedFormats).map(({ text }) => text);
  void copier.clearLeftover([...accounts.keysInUse, ...storedTexts]).catch(logError);
  log.info(`Keyvigil ${product.version} on ${product.runtime} is running.`);
  // Without an account, open the popup, so that the user sees where Keyvigil is and what to do.
  const isHidden = process.argv.includes(STARTED_HIDDEN);
  if (accounts.all.length === 0 && !isHidden) openPopup();
  clock.setTimer(SETTLED_MS, () => {
    popup.warmUp();
    collectGarbage();
  });
  return openPopup;
}
