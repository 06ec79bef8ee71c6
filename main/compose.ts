/** The composition root: makes every part, and hands each what it needs. */
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { chmodSync } from 'node:fs';
import * as electron from 'electron';
import { app, net, safeStorage, shell } from 'electron';
import { ActivityLog } from './activity/activity-log.ts';
import type { Settings } from './bridge/contract.ts';
import { copyKey } from './bridge/copy-key.ts';
import { checkLink, type LinkOwner } from './bridge/link-gate.ts';
import { createHandlers } from './bridge/handlers.ts';
import { Notices } from './bridge/notices.ts';
import { createServer } from './bridge/server.ts';
import { takeSnapshot } from './bridge/snapshot.ts';
import { accountBrief } from './bridge/views.ts';
import { SECOND_MS, systemClock as clock } from './clock.ts';
import { serveRenderer } from './desktop/app-protocol.ts';
import { createClipboard } from './desktop/clipboard.ts';
import { KeyCopier } from './desktop/key-copier.ts';
import { createKeyring } from './desktop/keyring.ts';
import { NetworkWatch } from './desktop/network-watch.ts';
import { notify, SignInNotifier } from './desktop/notifications.ts';
import { checkElectron } from './desktop/old-electron.ts';
import { Popup } from './desktop/popup.ts';
import { currentNetwork, followSleep } from './desktop/power-and-network.ts';
import { grantRendererAccess } from './desktop/renderer-access.ts';
import { openSignInWindow } from './desktop/sign-in-window.ts';
import type { TrayIcon } from './desktop/tray.ts';
import { AccountList } from './sessions/account-list.ts';
import { KeepAlive } from './sessions/keep-alive.ts';
import { Prompts } from './sessions/prompts.ts';
import { openActivity } from './storage/activity.ts';
import { openStorage } from './storage/index.ts';
import { entraStandIn } from './systems/entra/stand-in.ts';
import { systems } from './systems/index.ts';
import { createRequestLimit } from './systems/request-limit.ts';

/** Set when the app is built. */
declare const DECLARED_ELECTRON: string;

/** @returns a function that opens the popup */
export async function compose(tray: TrayIcon): Promise<() => void> {
  // These two take longer to load than everything else here.
  const [{ openLog }, { openStore }] = await Promise.all([
    import('./desktop/log.ts'),
    import('./desktop/open-store.ts'),
  ]);
  const folderPath = app.getPath('userData');
  chmodSync(folderPath, 0o700);
  const log = openLog(app.getPath('logs'), () => accounts.secretsInUse);
  const report = (error: unknown) => log.error(error);
  process.on('unhandledRejection', report);

  // What is stored.
  const notices = new Notices();
  const folder = {
    folder: folderPath,
    open: openStore,
    clock,
    notify: notices.add.bind(notices),
  };
  const { mayStore, warning } = checkElectron({
    version: process.versions.electron,
    declared: DECLARED_ELECTRON,
    isPackaged: app.isPackaged,
    args: process.argv,
    env: process.env,
  });
  if (warning !== undefined) notices.add('old-electron', warning, { dismissible: false });
  const {
    settings,
    accounts: accountStore,
    vault,
  } = await openStorage(
    folder,
    mayStore ? createKeyring(safeStorage, process.platform, clock) : undefined,
  );
  const activity = new ActivityLog({ open: () => openActivity(folder), clock, report });

  // The sessions.
  const standIn = entraStandIn(app.isPackaged, process.env);
  /** Nothing else hands an address to other programs. */
  async function openLink(address: string, owner?: LinkOwner): Promise<void> {
    const link = checkLink(address, owner);
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
  const clipboard = createClipboard({
    clipboard: electron.clipboard,
    // Undefined on the older runtime.
    ClipboardItem: electron.ClipboardItem,
    platform: process.platform,
  });
  const copier = new KeyCopier(clipboard, clock, report);
  const popup = new Popup(
    join(import.meta.dirname, '../preload/preload.cjs'),
    clock,
    () => tray.bounds,
  );
  const openPopup = () => popup.open();
  const notifier = new SignInNotifier(clock, openPopup, () => popup.isOpen);
  const canLaunchAtLogin = process.platform !== 'linux';
  const desktop = {
    openLink,
    copyText: (text: string) => clipboard.write(text),
    fitPopup: (height: number) => popup.fit(height),
    keepPopupAlive: (keep: boolean) => popup.keepAlive(keep),
    closePopup: () => popup.close(),
    quit: () => app.quit(),
    applySettings({ launchAtLogin }: Settings) {
      if (canLaunchAtLogin) app.setLoginItemSettings({ openAtLogin: launchAtLogin });
    },
  };

  // The bridge.
  const version = app.getVersion();
  const snapshot = () =>
    takeSnapshot({
      accounts,
      prompts,
      notices,
      settings,
      clock,
      fixed: { canLaunchAtLogin, canRemember: vault.canStore, version },
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
  grantRendererAccess(createServer(handlers, report), () => popup.contents);
  await serveRenderer(join(import.meta.dirname, '../renderer'));

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
  app.on('before-quit', () => {
    accounts.stop();
    activity.stop();
  });
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
    quit: () => app.quit(),
  });
  accounts.start();
  const keys = accounts.all.flatMap(({ sessionKey }) => (sessionKey ? [sessionKey.key] : []));
  void copier.clearLeftover(keys).catch(report);
  log.info(`Keyvigil ${version} on ${runtime} is running.`);
  // A first start should show that Keyvigil is there, and what to do.
  if (accounts.all.length === 0) openPopup();
  return openPopup;
}
