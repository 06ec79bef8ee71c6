import type { Settings } from '../../main/bridge/contract.ts';
import { CLEAR_CLIPBOARD_SECONDS, REQUEST_SECONDS } from '../../main/limits.ts';
import type { Ask } from './main-process.svelte.ts';
import { numberProblem } from './number-problem.ts';

/** The settings. Each change is saved at once, if all values are valid. */
export class SettingsFormState {
  clearClipboardSeconds = $state<number | null>(null);
  requestSeconds = $state<number | null>(null);
  launchAtLogin = $state(false);
  checkForUpdates = $state(true);
  readonly #ask: Ask;

  readonly clearClipboardProblem = $derived(
    numberProblem(this.clearClipboardSeconds, CLEAR_CLIPBOARD_SECONDS),
  );
  readonly requestProblem = $derived(numberProblem(this.requestSeconds, REQUEST_SECONDS));

  constructor(ask: Ask, settings: Settings) {
    this.#ask = ask;
    this.clearClipboardSeconds = settings.clearClipboardSeconds;
    this.requestSeconds = settings.requestSeconds;
    this.launchAtLogin = settings.launchAtLogin;
    this.checkForUpdates = settings.checkForUpdates;
  }

  async save(): Promise<void> {
    if (this.clearClipboardProblem !== undefined || this.requestProblem !== undefined) return;
    await this.#ask('saveSettings', {
      clearClipboardSeconds: this.clearClipboardSeconds!,
      requestSeconds: this.requestSeconds!,
      launchAtLogin: this.launchAtLogin,
      checkForUpdates: this.checkForUpdates,
    });
  }
}
