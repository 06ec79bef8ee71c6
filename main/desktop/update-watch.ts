import { DAY_MS, MINUTE_MS, type Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import type { Updater } from './updater.ts';

/** How long after the start. The start itself must not get slower. */
const FIRST_CHECK_MS = 5 * MINUTE_MS;
const CHECK_MS = DAY_MS;

export interface UpdateDeps {
  readonly clock: Clock;
  /** The user's setting. */
  readonly isOn: () => boolean;
  /** Called at the first check. */
  readonly load: () => Promise<Updater>;
  /** Tells of a newer version without interrupting anything. Called once for each version. */
  readonly onOffer: (version: string) => void;
  /** Asks the user, who has chosen the update, before it is installed. */
  readonly confirm: (version: string) => Promise<boolean>;
  /** A sign-in waits for its user, and would be lost. */
  readonly isSigningIn: () => boolean;
  /** Tells the user, who waits for the update, in a sentence or two. */
  readonly tell: (message: string) => void;
  readonly report: (error: unknown) => void;
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
    this.#deps.clock.setTimer(ms, () => void this.#check().then(() => this.#checkAfter(CHECK_MS)));
  }

  async #check(): Promise<void> {
    const { isOn, load, onOffer, report } = this.#deps;
    if (!isOn() || this.#isInstalling) return;
    try {
      this.#updater ??= await load();
      const version = await this.#updater.check();
      if (version === undefined || version === this.#offered) return;
      this.#offered = version;
      onOffer(version);
    } catch (error) {
      // There may be no network now. The next check is tomorrow.
      report(error);
    }
  }

  /** What the user does to get the version that was offered. */
  async install(): Promise<void> {
    const { confirm, isSigningIn, tell, report } = this.#deps;
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
      report(error);
      tell(m.update_failed({ version }));
    } finally {
      this.#isInstalling = false;
    }
  }
}
