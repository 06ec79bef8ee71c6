import type { ActivityLog } from '../activity/activity-log.ts';
import type { KeylessFormat } from '../bridge/copy-key.ts';
import { m } from '../messages/index.ts';
import type { Account } from '../sessions/account.ts';
import type { CommandDeps } from './commands.ts';
import type { CommandSocketDeps } from './command-socket.ts';
import { createScriptHandlers, type ScriptHandlerDeps, type ScriptHandlers } from './handlers.ts';
import type { LiveKeys } from '../sessions/live-keys.ts';
import { addressOf } from './local-address/address.ts';
import { localFormats } from './local-address/copy-formats.ts';
import { LocalAddressListener, type LocalAddressDeps } from './local-address/index.ts';
import { newToken } from './local-address/tokens.ts';
import { ScriptAccessControl } from './script-access.ts';

export interface ScriptsDeps
  extends
    Omit<ScriptHandlerDeps, 'access' | 'listening'>,
    Pick<LocalAddressDeps, 'upstream' | 'notices' | 'clock' | 'logError'>,
    Pick<CommandDeps, 'shown' | 'version' | 'openPopup'>,
    Pick<CommandSocketDeps, 'profile' | 'env' | 'platform'> {
  readonly keys: LiveKeys;
  readonly activity: Pick<ActivityLog, 'used'>;
}

/** Live sessions for scripts: the command `keyvigil` and the local addresses. */
export class Scripts {
  readonly handlers: ScriptHandlers;
  readonly #deps: ScriptsDeps;
  readonly #access: ScriptAccessControl;
  readonly #localAddresses: LocalAddressListener;
  #stopCommands: () => void = () => {};

  constructor(deps: ScriptsDeps) {
    this.#deps = deps;
    this.#access = new ScriptAccessControl(deps.accounts, deps.shown, newToken);
    this.#localAddresses = new LocalAddressListener({
      ...deps,
      accounts: () => this.#access.withLocalAddress,
      port: () => deps.settings.get().localAddressPort,
      onUse: (id) => deps.activity.used(id),
    });
    this.handlers = createScriptHandlers({
      ...deps,
      access: this.#access,
      listening: () => this.#localAddresses.updated,
    });
  }

  /** The formats that contain the account's local address instead of its key. */
  keylessFormats({ saved, system, localToken }: Account): readonly KeylessFormat[] {
    const address = addressOf({ saved, localToken }, this.#deps.settings.get().localAddressPort);
    return address === undefined ? [] : localFormats(address, saved.name, system.exampleCall);
  }

  /** Resolves when scripts can use the command and the local addresses. */
  async start(): Promise<void> {
    await Promise.all([this.#startLocalAddresses(), this.#startCommands()]);
  }

  /** Call this after every change of the accounts or the settings. Resolves when the local addresses can be used. */
  update(): Promise<void> {
    return this.#localAddresses.update();
  }

  stop(): void {
    this.#stopCommands();
    void this.#localAddresses.stop();
  }

  async #startLocalAddresses(): Promise<void> {
    try {
      await this.#access.start();
      await this.update();
    } catch (error) {
      this.#deps.logError(error);
    }
  }

  async #startCommands(): Promise<void> {
    const { activity, notices, logError } = this.#deps;
    try {
      // Load the command's server late, because nothing else waits for it.
      const { serveCommands } = await import('./serve-commands.ts');
      this.#stopCommands = await serveCommands({
        ...this.#deps,
        onUse: (id) => activity.used(id),
      });
    } catch (error) {
      logError(error);
      notices.add('no-command', m.no_command);
    }
  }
}
