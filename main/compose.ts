/**
 * The composition root: makes every part, hands each what it needs, and nothing else.
 */
import { randomUUID } from 'node:crypto';
import { arch, platform, release } from 'node:os';
import { join } from 'node:path';
import { app, ipcMain, net, shell } from 'electron';
import { ActivityLog } from './activity/activity-log.ts';
import { REQUEST_CHANNEL } from './bridge/channels.ts';
import type { Settings, Snapshot } from './bridge/contract.ts';
import { copyKey, createHandlers } from './bridge/handlers.ts';
import { Notices } from './bridge/notices.ts';
import { createServer } from './bridge/server.ts';
import { accountBrief, accountView } from './bridge/views.ts';
import { SECOND_MS, systemClock as clock } from './clock.ts';
import { serveRenderer } from './desktop/app-protocol.ts';
import { clipboard } from './desktop/clipboard.ts';
import { keyring } from './desktop/keyring.ts';
import { SignInNotifier } from './desktop/notifications.ts';
import { Popup } from './desktop/popup.ts';
import { openSignInWindow } from './desktop/sign-in-window.ts';
import type { TrayIcon } from './desktop/tray.ts';
import { currentNetwork, followSleep } from './desktop/wake-up.ts';
import { Keeper } from './sessions/keeper.ts';
import { MOST_AT_ONCE } from './sessions/server.ts';
import { NetworkWatch } from './sessions/network-watch.ts';
import { Prompts } from './sessions/prompts.ts';
import { KeyCopier } from './sessions/key-copier.ts';
import { openAccounts } from './storage/accounts.ts';
import { openActivity } from './storage/activity.ts';
import { openSettings } from './storage/settings.ts';
import { Vault } from './storage/vault.ts';
import { entraStandIn } from './systems/entra/stand-in.ts';
import { Gates } from './systems/gate.ts';
import { systems } from './systems/index.ts';

/** @returns what opens the popup */
export async function compose(tray: TrayIcon): Promise<() => void> {
  // Both cost more to load than all else here together.
  const [{ openLog }, { default: ElectronStore }] = await Promise.all([
    import('./desktop/log.ts'),
    import('electron-store'),
  ]);
  const log = openLog();
  const report = (error: unknown) => log.error(error);
  process.on('unhandledRejection', report);

  const notices = new Notices();
  const folder = {
    folder: app.getPath('userData'),
    open: (name: string) => new ElectronStore({ name, clearInvalidConfig: false }),
    clock,
    tell: (id: string, message: string) => notices.tell(id, message),
  };
  const settings = openSettings(folder);
  const accounts = openAccounts(folder);
  const vault = await Vault.open(folder, keyring);
  if (vault.unreadable.length > 0) {
    notices.tell(
      'unreadable-vault',
      'Some of what was stored cannot be read with this keyring any more: sign in to those accounts again.',
    );
  }
  if (!vault.canStore) {
    notices.tell(
      'no-keyring',
      'This computer has no unlocked keyring, so nothing secret is stored: you will sign in again after Keyvigil was closed.',
      { dismissible: false },
    );
  }

  const standIn = entraStandIn(app.isPackaged, process.env);
  const openInBrowser = (url: string) => shell.openExternal(standIn(url));
  const prompts = new Prompts({
    openBrowser: openInBrowser,
    openWindow: (url, returnUrl, signal) => openSignInWindow(standIn(url), returnUrl, signal),
    changed: () => changed(),
    // Whoever signed in elsewhere comes back to see how it went.
    returned: () => popup.open(),
  });
  const activity = new ActivityLog({ open: () => openActivity(folder), clock, report });
  const gates = new Gates(MOST_AT_ONCE);
  const keeper = new Keeper({
    systems,
    services: () => ({
      fetch: (url, init) => net.fetch(standIn(url), init),
      enter: (url, signal) => gates.enter(url, signal),
      clock,
      timeLimitMs: settings.get().requestSeconds * SECOND_MS,
    }),
    accounts,
    vault,
    clock,
    random: Math.random,
    notStored(error) {
      report(error);
      notices.tell(
        'not-stored',
        'Something could not be stored, and is kept only until Keyvigil ends.',
      );
    },
    newId: randomUUID,
    interaction: (accountName) => prompts.for(accountName),
    report,
    witness: activity,
  });
  const copier = new KeyCopier(clipboard, clock, report);
  const popup = new Popup(
    join(import.meta.dirname, '../preload/preload.cjs'),
    clock,
    () => tray.bounds,
  );
  const notifier = new SignInNotifier(
    clock,
    () => popup.open(),
    () => popup.isOpen,
  );

  const canLaunchAtLogin = process.platform !== 'linux';
  const snapshot = (): Snapshot => {
    const ahead = clock.wall() - clock.now();
    const onWall = (time: number) => time + ahead;
    const prompt = prompts.current;
    return {
      accounts: keeper.accounts.map((kept) => accountView(kept, onWall)),
      notices: notices.list,
      ...(prompt && { prompt: { ...prompt, expiresAt: onWall(prompt.expiresAt) } }),
      settings: settings.get(),
      canLaunchAtLogin,
      canRemember: vault.canStore,
      version: app.getVersion(),
    };
  };
  const network = new NetworkWatch(
    clock,
    currentNetwork,
    () => keeper.accounts.some(({ session }) => session.state === 'offline'),
    () => keeper.networkReturned(),
  );

  /** Many changes in one turn of the event loop are told once. */
  let isTelling = false;
  function changed(): void {
    if (isTelling) return;
    isTelling = true;
    setImmediate(() => {
      isTelling = false;
      const briefs = keeper.accounts.map(accountBrief);
      tray.update(briefs);
      notifier.update(briefs);
      popup.send(snapshot);
      network.update();
    });
  }

  const desktop = {
    openInBrowser,
    copyText: (text: string) => clipboard.write(text),
    fitPopup: (height: number) => popup.fit(height),
    holdPopup: (hold: boolean) => popup.hold(hold),
    closePopup: () => popup.close(),
    quit: () => app.quit(),
    applySettings({ launchAtLogin }: Settings) {
      if (canLaunchAtLogin) app.setLoginItemSettings({ openAtLogin: launchAtLogin });
    },
  };
  const handlers = createHandlers({
    systems,
    keeper,
    copier,
    prompts,
    settings,
    notices,
    activity,
    product: {
      version: app.getVersion(),
      runtime: `Electron ${process.versions.electron}`,
      platform: `${platform()} ${release()} ${arch()}`,
    },
    desktop,
    snapshot,
    changed,
  });
  const answer = createServer(handlers, report);
  ipcMain.handle(REQUEST_CHANNEL, ({ senderFrame }, name, question) =>
    answer(
      { url: senderFrame?.url ?? '', isMainFrame: senderFrame?.parent === null },
      name,
      question,
    ),
  );

  serveRenderer(join(import.meta.dirname, '../renderer'));
  app.on('web-contents-created', (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
    contents.session.setPermissionCheckHandler(() => false);
  });

  app.on('activate', () => popup.open());
  app.on('before-quit', () => {
    keeper.stop();
    activity.stop();
  });

  // A key of ours does not stay on the clipboard after the end.
  app.on('will-quit', (event) => {
    event.preventDefault();
    void copier
      .clear()
      .catch(report)
      .finally(() => app.exit());
  });

  keeper.onChange(changed);
  notices.onChange(changed);
  followSleep(keeper);
  tray.connect({
    togglePopup: () => popup.toggle(),
    openPopup: () => popup.open(),
    addAccount: () => popup.open('add-account'),
    copyKey: (id) => void copyKey({ keeper, copier, settings }, id).catch(report),
    quit: () => app.quit(),
  });
  keeper.start();
  log.info(`Keyvigil ${app.getVersion()} on Electron ${process.versions.electron} is running.`);
  // Whoever starts it for the first time should see that it is there, and what to do.
  if (keeper.accounts.length === 0) popup.open();
  return () => popup.open();
}
