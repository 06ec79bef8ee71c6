/** The composition root: makes every part, and hands each what it needs. */
import { existsSync } from 'node:fs';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import * as electron from 'electron';
import { app, net, shell } from 'electron';
import { ActivityLog } from './activity/activity-log.ts';
import type { Settings } from './bridge/contract.ts';
import { copyKey } from './bridge/copy-key.ts';
import { createHandlers } from './bridge/handlers.ts';
import { Notices } from './bridge/notices.ts';
import { createServer } from './bridge/server.ts';
import { takeSnapshot } from './bridge/snapshot.ts';
import { accountBrief } from './bridge/views.ts';
import { SECOND_MS, systemClock as clock } from './clock.ts';
import { serveRenderer } from './desktop/app-protocol.ts';
import { clipboard } from './desktop/clipboard.ts';
import { KeyCopier } from './desktop/key-copier.ts';
import { keyring } from './desktop/keyring.ts';
import { createLoginLauncher } from './desktop/login-launcher.ts';
import { NetworkWatch } from './desktop/network-watch.ts';
import { notify, SignInNotifier } from './desktop/notifications.ts';
import { Popup } from './desktop/popup.ts';
import { currentNetwork, followSleep } from './desktop/power-and-network.ts';
import { grantRendererAccess } from './desktop/renderer-access.ts';
import { saveWhenSessionEnds } from './desktop/session-end.ts';
import { openSignInWindow } from './desktop/sign-in-window.ts';
import type { TrayIcon } from './desktop/tray.ts';
import { mayUpdate } from './desktop/update-policy.ts';
import { UpdateWatch } from './desktop/update-watch.ts';
import { confirmUpdate, loadUpdater, tellUpdate } from './desktop/updates.ts';
import { AccountList } from './sessions/account-list.ts';
import { KeepAlive } from './sessions/keep-alive.ts';
import { Prompts } from './sessions/prompts.ts';
import { openActivity } from './storage/activity.ts';
import { openStorage } from './storage/index.ts';
import { entraStandIn } from './systems/entra/stand-in.ts';
import { systems } from './systems/index.ts';
import { createRequestLimit } from './systems/request-limit.ts';

/** @returns a function that opens the popup */
export async function compose(tray: TrayIcon): Promise<() => void> {
  // These two take longer to load than everything else here.
  const [{ openLog }, { default: ElectronStore }] = await Promise.all([
    import('./desktop/log.ts'),
    import('electron-store'),
  ]);
  const log = openLog();
  const report = (error: unknown) => log.error(error);
  process.on('unhandledRejection', report);

  // What is stored.
  const notices = new Notices();
  const folder = {
    folder: app.getPath('userData'),
    open: (name: string) => new ElectronStore({ name, clearInvalidConfig: false }),
    clock,
    notify: notices.add.bind(notices),
  };
  const { settings, accounts: accountStore, vault } = await openStorage(folder, keyring);
  const activity = new ActivityLog({ open: () => openActivity(folder), clock, report });

  // The sessions.
  const standIn = entraStandIn(app.isPackaged, process.env);
  const openInBrowser = (url: string) => shell.openExternal(standIn(url));
  const prompts = new Prompts({
    openBrowser: openInBrowser,
    openWindow: (url, returnUrl, signal) => openSignInWindow(standIn(url), returnUrl, signal),
    onChange: () => changed(),
    onReturn: () => popup.open(),
  });
  const limit = createRequestLimit();
  const { random } = Math;
  const keepAlive = new KeepAlive({
    clock,
    random,
    report,
    onSlept: (from, to) => activity.slept(from, to),
  });
  const accounts = new AccountList({
    systems,
    services: () => ({
      fetch: (url, init) => net.fetch(standIn(url), init),
      limit,
      clock,
      timeLimitMs: settings.get().requestSeconds * SECOND_MS,
    }),
    accounts: accountStore,
    vault,
    keepAlive,
    clock,
    random,
    interaction: (account) => prompts.for(account),
    observer: activity,
    report,
    onNotStored(error) {
      report(error);
      notices.add(
        'not-stored',
        'Keyvigil could not save a change, and will lose it when it quits. Check the disk and the keyring.',
      );
    },
  });
  const network = new NetworkWatch({
    clock,
    network: currentNetwork,
    isNeeded: () => accounts.all.some(({ session }) => session.state === 'offline'),
    onReturn: () => keepAlive.networkReturned(),
  });

  // The desktop.
  const copier = new KeyCopier(clipboard, clock, report);
  const popup = new Popup(
    join(import.meta.dirname, '../preload/preload.cjs'),
    clock,
    () => tray.bounds,
  );
  const openPopup = () => popup.open();
  const notifier = new SignInNotifier(clock, openPopup, () => popup.isOpen);
  const loginLauncher = createLoginLauncher(app, process);
  const canLaunchAtLogin = loginLauncher !== undefined;
  const desktop = {
    openInBrowser,
    copyText: (text: string) => clipboard.write(text),
    fitPopup: (height: number) => popup.fit(height),
    keepPopupAlive: (keep: boolean) => popup.keepAlive(keep),
    closePopup: () => popup.close(),
    quit: () => app.quit(),
    applySettings({ launchAtLogin }: Settings) {
      loginLauncher?.(launchAtLogin);
    },
  };

  /** The names of accounts whose sessions end with this process. */
  const unsavedSessions = () =>
    accounts.all
      .filter(({ sessionKey, account }) => sessionKey && !(account.remember && vault.canStore))
      .map(({ account }) => account.name);
  const canUpdate = mayUpdate({
    isPackaged: app.isPackaged,
    platform: process.platform,
    env: process.env,
    exists: existsSync,
  });
  const updates = new UpdateWatch({
    clock,
    isOn: () => settings.get().checkForUpdates,
    load: loadUpdater,
    onOffer(newVersion) {
      tray.offerUpdate(newVersion);
      notices.add(
        'update',
        `Keyvigil ${newVersion} is available. The menu of the tray icon installs it.`,
      );
    },
    confirm: (newVersion) => confirmUpdate(newVersion, unsavedSessions()),
    isSigningIn: () => accounts.all.some(({ session }) => session.state === 'signing-in'),
    tell: tellUpdate,
    report,
  });

  // The bridge.
  const version = app.getVersion();
  const snapshot = () =>
    takeSnapshot({
      accounts,
      prompts,
      notices,
      settings,
      clock,
      fixed: { canLaunchAtLogin, canUpdate, canRemember: vault.canStore, version },
    });
  const runtime = `Electron ${process.versions.electron}`;
  const copyDeps = { accounts, keepAlive, copier, settings };
  const handlers = createHandlers({
    ...copyDeps,
    systems,
    prompts,
    notices,
    activity,
    product: { version, runtime, platform: `${platform()} ${release()} ${arch()}` },
    desktop,
    snapshot,
    onChange: () => changed(),
  });
  serveRenderer(join(import.meta.dirname, '../renderer'));
  grantRendererAccess(createServer(handlers, report));

  /** Many changes in one turn of the event loop are shown once. */
  let isShowing = false;
  function changed(): void {
    if (isShowing) return;
    isShowing = true;
    setImmediate(() => {
      isShowing = false;
      const briefs = accounts.all.map(accountBrief);
      tray.update(briefs);
      notifier.update(briefs);
      popup.send(snapshot);
      network.update();
    });
  }
  accounts.onChange(changed);
  notices.onChange(changed);

  followSleep(keepAlive);
  app.on('activate', openPopup);
  const save = () => {
    accounts.stop();
    activity.stop();
  };
  app.on('before-quit', save);
  saveWhenSessionEnds(electron, process.platform, save);
  app.on('will-quit', (event) => {
    // No key of ours may stay on the clipboard.
    event.preventDefault();
    void copier
      .clear()
      .catch(report)
      .finally(() => app.exit());
  });

  async function copyFromTray(id: string): Promise<void> {
    const copied = await copyKey(copyDeps, id);
    if (!copied.ok) notify(accounts.get(id).account.name, copied.error.message, openPopup);
  }
  tray.connect({
    togglePopup: () => popup.toggle(),
    openPopup,
    addAccount: () => popup.open({ addAccount: true }),
    copyKey: (id) => void copyFromTray(id).catch(report),
    update: () => void updates.install(),
    quit: () => app.quit(),
  });
  accounts.start();
  if (canUpdate) updates.start();
  log.info(`Keyvigil ${version} on ${runtime} is running.`);
  // A first start should show that Keyvigil is there, and what to do.
  if (accounts.all.length === 0) openPopup();
  return openPopup;
}
