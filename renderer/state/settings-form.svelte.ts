import type { Settings } from '../../main/bridge/contract.ts';
import type { Ask } from './ask.ts';
import { CLEAR_CLIPBOARD_SECONDS, REQUEST_SECONDS } from '../../main/limits.ts';
import { numberProblem } from './number-problem.ts';

/** The settings, each saved as soon as it is changed to something that can be. */
export class SettingsFormState {
  clearClipboardSeconds = $state<number | null>(null);
  requestSeconds = $state<number | null>(null);
  launchAtLogin = $state(false);
  readonly #ask: Ask;

  readonly clearClipboardProblem = $derived.by(() =>
    numberProblem(this.clearClipboardSeconds, CLEAR_CLIPBOARD_SECONDS),
  );
  readonly requestProblem = $derived.by(() => numberProblem(this.requestSeconds, REQUEST_SECONDS));

  constructor(ask: Ask, settings: Settings) {
    this.#ask = ask;
    this.clearClipboardSeconds = settings.clearClipboardSeconds;
    this.requestSeconds = settings.requestSeconds;
    this.launchAtLogin = settings.launchAtLogin;
  }

  async save(): Promise<void> {
    if (this.clearClipboardProblem !== undefined || this.requestProblem !== undefined) return;
    await this.#ask('saveSettings', {
      clearClipboardSeconds: this.clearClipboardSeconds!,
      requestSeconds: this.requestSeconds!,
      launchAtLogin: this.launchAtLogin,
    });
  }
}
