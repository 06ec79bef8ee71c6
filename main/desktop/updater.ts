import type { AppUpdater } from 'electron-updater';

export interface Updater {
  /** Resolves with a version that is newer than the running one, if there is one. */
  check(): Promise<string | undefined>;
  /** Rejects unless the whole file arrives with the hash that was published. */
  download(): Promise<void>;
  /**
   * Quits, installs, and starts the new version.
   * @throws if the new version was not installed, for example because the user did not type the administrator's password
   */
  install(): void;
}

/** The lock with which only one Keyvigil runs. */
interface InstanceLock {
  release(): void;
  take(): void;
}

/** Wraps electron-updater, which by default downloads and installs without asking. */
export function toUpdater(updater: AppUpdater, lock: InstanceLock): Updater {
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
      let failure: Error | undefined;
      const onError = (error: Error) => (failure = error);
      updater.on('error', onError);
      // The new version may start before this process has ended.
      lock.release();
      // On Linux, this call runs the package manager, and only an event tells that it failed.
      updater.quitAndInstall(true, true);
      updater.off('error', onError);
      if (!failure) return;
      lock.take();
      throw failure;
    },
  };
}
