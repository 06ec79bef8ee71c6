import type { Settings } from '../../main/bridge/contract.ts';
import { CLEAR_CLIPBOARD_SECONDS, LOCAL_ADDRESS_PORT, REQUEST_SECONDS } from '../../main/limits.ts';
import type { Ask } from './main-process.svelte.ts';
import { numberProblem } from './number-problem.ts';

/** The settings. Each change is saved at once, if all values are valid. */
export class SettingsFormState {
  clearClipboardSeconds = $state<number | null>(null);
  requestSeconds = $state<number | null>(null);
  localAddressPort = $state<number | null>(null);
  launchAtLogin = $state(false);
  readonly #ask: Ask;

  readonly clearClipboardProblem = $derived(
    numberProblem(this.clearClipboardSeconds, CLEAR_CLIPBOARD_SECONDS),
  );
  readonly portProblem = $derived(numberProblem(this.localAddressPort, LOCAL_ADDRESS_PORT));
  readonly requestProblem = $derived(numberProblem(this.requestSeconds, REQUEST_SECONDS));

  constructor(ask: Ask, settings: Settings) {
    this.#ask = ask;
    this.clearClipboardSeconds = settings.clearClipboardSeconds;
    this.requestSeconds = settings.requestSeconds;
    this.localAddressPort = settings.localAddressPort;
    this.launchAtLogin = settings.launchAtLogin;
  }

  async save(): Promise<void> {
    const problems = [this.clearClipboardProblem, this.requestProblem, this.portProblem];
    if (problems.some((problem) => problem !== undefined)) return;
    await this.#ask('saveSettings', {
      clearClipboardSeconds: this.clearClipboardSeconds!,
      requestSeconds: this.requestSeconds!,
      localAddressPort: this.localAddressPort!,
      launchAtLogin: this.launchAtLogin,
    });
  }
}
