// Must not pass the type check: it asks the bridge for what the contract does not have.
import type { Bridge } from '../../main/bridge/contract.ts';

export const wrong = (bridge: Bridge) => bridge.request('sessionKey', { id: 'account-1' });
