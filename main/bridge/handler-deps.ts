import type { ActivityLog } from '../activity/activity-log.ts';
import type { Prompts } from '../sessions/prompts.ts';
import type { Services, System } from '../systems/system.ts';
import type { Result } from '../result.ts';
import type { Problem, Settings } from './contract.ts';
import type { CopyDeps } from './copy-key.ts';
import type { LinkContext } from './link-gate.ts';
import type { Notices } from './notices.ts';
import type { ShownAccounts } from './shown-accounts.ts';
import type { Product } from './report.ts';

/** What only the desktop can do. */
export interface Desktop {
  /** @throws if the gate refuses the link */
  openLink(address: string, context?: LinkContext): Promise<void>;
  /** Copies text that is not secret, so it stays on the clipboard. */
  copyText(text: string): Promise<void>;
  fitPopup(height: number): void;
  keepPopupAlive(keep: boolean): void;
  closePopup(): void;
  quit(): void;
  /**
   * Asks the user where to save the text.
   * @returns false if the user has cancelled
   */
  saveFile(name: string, text: string): Promise<boolean>;
  /**
   * Asks the user for a file, and shows the popup again.
   * @returns undefined if the user has cancelled
   */
  openFile(): Promise<string | undefined>;
  /** Applies the settings that concern the operating system. Fails if the system does not allow one of them. */
  applySettings(settings: Settings): Result<void, Problem>;
  /** The file `licenses.txt` of this installation. */
  readLicenses(): Promise<string>;
}

export interface HandlerDeps extends CopyDeps {
  readonly systems: readonly System[];
  readonly prompts: Prompts;
  readonly notices: Notices;
  /** Called if a change could not be stored. */
  readonly onNotStored: (error: unknown) => void;
  readonly activity: ActivityLog;
  readonly services: () => Services;
  readonly shownAccounts: ShownAccounts;
  readonly product: Product;
  readonly desktop: Desktop;
  readonly snapshot: () => string;
}
