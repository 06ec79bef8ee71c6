// This file must not pass the type check: the contract has no such request.
import type { Bridge } from '../../main/bridge/contract.ts';

export const wrong = (bridge: Bridge) => bridge.request('sessionKey', { id: 'account-1' });
