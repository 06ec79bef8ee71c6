import type { AppUpdater } from 'electron-updater';

export interface Updater {
  /** Resolves with a version that is newer than the running one, if there is one. */
  check(): Promise<string | undefined>;
  /** Rejects unless the whole file arrives with the hash that was published. */
  download(): Promise<void>;
  /** Quits, installs, and starts the new version. */
  install(): void;
}

/** Wraps electron-updater, which by default downloads and installs without asking. */
export function toUpdater(updater: AppUpdater, beforeInstall: () => void = () => {}): Updater {
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  updater.allowDowngrade = false;
  updater.disableWebInstaller = true;
  updater.logger = null;
  // Without this header, electron-updater sends an id that is unique to this computer.
  updater.requestHeaders = { 'x-user-staging-id': 'none' };
  return {
    async check() {
      const result = await updater.checkForUpdates();
      return result?.isUpdateAvailable ? result.updateInfo.version : undefined;
    },
    async download() {
      await updater.downloadUpdate();
    },
    install() {
      beforeInstall();
      updater.quitAndInstall(true, true);
    },
  };
}
