import type { Bridge } from '../../main/bridge/contract.ts';
import { AccountCommands } from './account-commands.ts';
import { AccountFiles } from './account-files.svelte.ts';
import { MainProcess } from './main-process.svelte.ts';
import { Messages } from './messages.svelte.ts';
import { Navigation } from './navigation.svelte.ts';
import { SignIns } from './sign-ins.svelte.ts';
import { WindowHeight } from './window-height.svelte.ts';

/** How long a closed popup keeps a typed password: enough to fetch an API key and come back. */
const KEEP_SECRETS_MS = 60_000;

/** The popup's state, in one part for each concern. */
export class PopupState {
  readonly messages = new Messages();
  readonly height = new WindowHeight();
  readonly main: MainProcess;
  readonly navigation: Navigation;
  readonly signIns: SignIns;
  readonly commands: AccountCommands;
  readonly files: AccountFiles;
  /** Whether the window is on screen. Its texts are kept up to date only then. */
  isVisible = $state(true);
  readonly #bridge: Bridge;
  #forgetTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(bridge: Bridge) {
    const { messages } = this;
    this.#bridge = bridge;
    this.main = new MainProcess(bridge, messages);
    this.navigation = new Navigation(this.main, messages);
    this.signIns = new SignIns(this.main, messages, this.navigation);
    this.files = new AccountFiles(this.main, messages, this.navigation);
    this.commands = new AccountCommands(this.main, messages, this.navigation, this.signIns);
  }

  /** Call this when the window is shown or hidden. */
  setVisible(isVisible: boolean): void {
    this.isVisible = isVisible;
    clearTimeout(this.#forgetTimer);
    if (isVisible) return;
    this.#forgetTimer = setTimeout(() => this.navigation.form?.clearSecrets(), KEEP_SECRETS_MS);
  }

  /** Closed, the popup is removed after some minutes. Then the input of a form would be lost, or the choice of a file. */
  get mustStayInMemory(): boolean {
    return this.navigation.form !== undefined || this.files.isChoosing;
  }

  /** Follows the main process until the returned function is called. */
  start(): () => void {
    const stops = [
      this.main.start((previous) => this.navigation.accountsChanged(previous)),
      this.#bridge.onShow((wanted) => this.navigation.show(wanted)),
    ];
    return () => stops.forEach((stop) => stop());
  }
}
