import type { AccountSession } from '../sessions/account-session.ts';
import { defaultMinutes } from '../sessions/rhythm.ts';
import { keyFormats } from '../systems/key-formats.ts';
import type { System } from '../systems/system.ts';
import type {
  AccountBrief,
  AccountView,
  EditableAccount,
  SystemView,
  WantedScreen,
} from './contract.ts';
import { needsSignIn } from './state-words.ts';
import type { KeylessFormat } from './copy-key.ts';
import { storedFormats } from './stored-formats.ts';

export function accountBrief({ account, session, sessionKey }: AccountSession): AccountBrief {
  return {
    id: account.id,
    name: account.name,
    state: session.state,
    hasKey: sessionKey !== undefined,
  };
}

/**
 * An account for the popup: everything but its secrets.
 * @param toWall converts the clock's time to wall time
 */
export function accountView(
  accountSession: AccountSession,
  toWall: (time: number) => number,
  keylessFormats: readonly KeylessFormat[],
): AccountView {
  const { account, session, sessionKey, system, method, target } = accountSession;
  const formats: readonly Pick<KeylessFormat, 'id' | 'label' | 'warning'>[] = [
    ...(sessionKey ? keyFormats(system, target) : []),
    ...keylessFormats,
    ...storedFormats(accountSession),
  ];
  const format = formats.find(({ id }) => id === account.copyFormat);
  const problem = 'problem' in session ? session.problem : undefined;
  const serverSaid = 'serverSaid' in session ? ` It said: ${session.serverSaid}` : '';
  return {
    ...accountBrief(accountSession),
    systemName: system.name,
    methodLabel: method.label,
    address: account.address,
    ...(problem !== undefined && { problem: problem + serverSaid }),
    insecure: isInsecure(account.address),
    ...(sessionKey && {
      verifiedAt: toWall(sessionKey.verifiedAt),
      since: toWall(sessionKey.since),
    }),
    ...(session.state === 'offline' && { retryAt: toWall(session.retryAt) }),
    canSignInAlone: accountSession.credentials.canSignInAlone,
    remembered: account.remember,
    keepAliveMinutes: account.keepAliveMinutes,
    ...(account.rest && { rest: account.rest }),
    isResting: accountSession.isResting,
    scripts: account.scripts,
    pinned: account.pinned,
    ...(format && { copyFormat: format.id }),
    user:
      method.fields
        .map(({ id, identity }) => (identity && account.values[id]) ?? '')
        .find(Boolean) ?? '',
    facts: sessionKey?.facts ?? [],
    copyFormats: formats.map(({ id, label, warning }) => ({
      id,
      label,
      ...(warning !== undefined && { warning }),
    })),
  };
}

/** Where the user finds what the account needs, or else everything about it. */
export function screenOf({ account: { id }, session: { state } }: AccountSession): WantedScreen {
  return { name: needsSignIn(state) ? 'row' : 'details', id };
}

/** An account for the form: of its secrets, only which are stored. The contract drops the fields that the form does not use. */
export function editableAccount({ account, method, credentials }: AccountSession): EditableAccount {
  return {
    form: account,
    storedSecrets: method.fields
      .filter(({ id, storedAs = id }) => id in credentials.usable || storedAs in credentials.usable)
      .map(({ id }) => id),
  };
}

export function systemView(system: System): SystemView {
  const { id, name, addressExample, addressMark, methods } = system;
  const keepAliveMinutes = defaultMinutes(system);
  const methodViews = methods.map(({ id, label, fields }) => ({
    id,
    label,
    fields: fields.map((field) => ({ ...field, options: field.options?.slice() })),
  }));
  return { id, name, addressExample, addressMark, keepAliveMinutes, methods: methodViews };
}

/** Everything sent to this server can be read on the way. Requests to this machine itself leave no trace on a network. */
export function isInsecure(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isLocal;
}
