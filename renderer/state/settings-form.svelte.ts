import type { Problem, Settings } from '../../main/bridge/contract.ts';
import { CLEAR_CLIPBOARD_SECONDS, LOCAL_ADDRESS_PORT, REQUEST_SECONDS } from '../../main/limits.ts';
import type { Ask } from './main-process.svelte.ts';
import { numberProblem } from './number-problem.ts';

const LIMITS = {
  clearClipboardSeconds: CLEAR_CLIPBOARD_SECONDS,
  requestSeconds: REQUEST_SECONDS,
  localAddressPort: LOCAL_ADDRESS_PORT,
};

/** The value of an empty number input is null. */
type Values = {
  [K in keyof Settings]: Settings[K] extends number ? number | null : Settings[K];
};

/** The settings. Each change is saved at once, if all values are valid. */
export class SettingsFormState {
  values = $state() as Values;
  /** Why the last change was not possible. */
  #refusal = $state.raw<Problem>();
  #saved: Settings;
  readonly #ask: Ask;

  constructor(ask: Ask, settings: Settings) {
    this.#ask = ask;
    this.#saved = settings;
    this.values = { ...settings };
  }

  problemOf(setting: keyof Settings): string | undefined {
    if (setting in LIMITS) {
      const name = setting as keyof typeof LIMITS;
      return numberProblem(this.values[name], LIMITS[name]);
    }
    return this.#refusal?.field === setting ? this.#refusal.message : undefined;
  }

  /** Undoes the change if the main process refuses it. */
  async save(): Promise<void> {
    const names = Object.keys(LIMITS) as (keyof typeof LIMITS)[];
    if (names.some((name) => this.problemOf(name) !== undefined)) return;
    const changed = $state.snapshot(this.values) as Settings;
    const result = await this.#ask('saveSettings', changed);
    this.#refusal = result?.ok === false ? result.error : undefined;
    if (result?.ok) this.#saved = changed;
    else this.values = { ...this.#saved };
  }
}
