import type { Handlers } from '../bridge/server.ts';
import type { CopyDeps } from '../bridge/copy-key.ts';
import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { addressOf } from './local-address/address.ts';
import type { ScriptAccessControl } from './script-access.ts';

export type ScriptHandlers = Pick<
  Handlers,
  'setScriptAccess' | 'copyLocalAddress' | 'renewLocalAddress'
>;

export interface ScriptHandlerDeps extends Pick<CopyDeps, 'accounts' | 'settings'> {
  readonly copier: Pick<CopyDeps['copier'], 'copy'>;
  readonly access: ScriptAccessControl;
  /** Resolves when the local addresses can be used. */
  readonly listening: () => Promise<void>;
}

/** Handles the renderer's requests about scripts. */
export function createScriptHandlers(deps: ScriptHandlerDeps): ScriptHandlers {
  const { accounts, access, copier, settings } = deps;
  return {
    setScriptAccess: ({ id, scripts }) => access.set(id, scripts),
    async renewLocalAddress({ id }) {
      await access.renewToken(id);
      return true;
    },
    async copyLocalAddress({ id }) {
      const { localAddressPort, clearClipboardSeconds } = settings.get();
      const address = addressOf(accounts.get(id), localAddressPort);
      if (address === undefined) return failed({ message: m.turn_on_local_address() });
      // A copied address must work at once.
      await deps.listening();
      await copier.copy(address, clearClipboardSeconds);
      return success({ clearsInSeconds: clearClipboardSeconds });
    },
  };
}
