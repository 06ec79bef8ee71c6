import { DAY_MS, MINUTE_MS, setAlarm, type Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import type { Updater } from './updater.ts';

/** How long after the start the first check comes. An earlier check would slow down the start. */
const FIRST_CHECK_MS = 5 * MINUTE_MS;
const CHECK_MS = DAY_MS;

export interface UpdateDeps {
  readonly clock: Clock;
  /** The user's setting. */
  readonly isOn: () => boolean;
  /** Called at the first check. */
  readonly load: () => Promise<Updater>;
  /** Tells the user about a newer version without interrupting anything. Called once for each version. */
  readonly onOffer: (version: string) => void;
  /** Asks the user to confirm the update that the user has chosen. */
  readonly confirm: (version: string) => Promise<boolean>;
  /** Whether a sign-in waits for its user. An installation would cancel that sign-in. */
  readonly isSigningIn: () => boolean;
  /** Shows a message of a sentence or two to the user who waits for the update. */
  readonly tell: (message: string) => void;
  readonly logError: (error: unknown) => void;
}

/** Looks for a newer version once a day. Downloads and installs it only when the user says so. */
export class UpdateWatch {
  readonly #deps: UpdateDeps;
  #updater: Updater | undefined;
  #offered: string | undefined;
  #isInstalling = false;

  constructor(deps: UpdateDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#checkAfter(FIRST_CHECK_MS);
  }

  #checkAfter(ms: number): void {
    setAlarm(this.#deps.clock, ms, () => {
      void this.#check().then(() => this.#checkAfter(CHECK_MS));
    });
  }

  async #check(): Promise<void> {
    const { isOn, load, onOffer, logError } = this.#deps;
    if (!isOn() || this.#isInstalling) return;
    try {
      this.#updater ??= await load();
      const version = await this.#updater.check();
      if (version === undefined || version === this.#offered) return;
      this.#offered = version;
      onOffer(version);
    } catch (error) {
      // There may be no network now. The next check is tomorrow.
      logError(error);
    }
  }

  /** Call this when the user wants the version that was offered. */
  async install(): Promise<void> {
    const { confirm, isSigningIn, tell, logError } = this.#deps;
    const version = this.#offered;
    if (version === undefined || !this.#updater || this.#isInstalling) return;
    this.#isInstalling = true;
    try {
      if (!(await confirm(version))) return;
      await this.#updater.download();
      if (isSigningIn()) {
        tell(m.update_is_ready({ version }));
      } else {
        this.#updater.install();
      }
    } catch (error) {
      logError(error);
      tell(m.update_failed({ version }));
    } finally {
      this.#isInstalling = false;
    }
  }
}
