import { m } from '../messages/index.ts';
import type { Account } from '../sessions/account.ts';
import { defaultMinutes } from '../sessions/rhythm.ts';
import { problemOf } from '../sessions/session.ts';
import { factWords } from '../systems/facts.ts';
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

export function accountBrief({ saved, session, sessionKey }: Account): AccountBrief {
  return {
    id: saved.id,
    name: saved.name,
    state: session.state,
    hasKey: sessionKey !== undefined,
  };
}

/**
 * An account for the popup, without its secrets.
 * @param toWall converts the clock's time to wall time
 */
export function accountView(
  account: Account,
  toWall: (time: number) => number,
  keylessFormats: readonly KeylessFormat[],
): Omit<AccountView, 'lastDay'> {
  const { saved, session, sessionKey, system, method, target } = account;
  const formats: readonly Pick<KeylessFormat, 'id' | 'label' | 'warning'>[] = [
    ...(sessionKey ? keyFormats(system, target) : []),
    ...keylessFormats,
    ...storedFormats(account),
  ];
  const identities = method.fields
    .filter(({ identity }) => identity)
    .map(({ id }) => saved.values[id]);
  const format = formats.find(({ id }) => id === saved.copyFormat);
  const problem = problemOf(session);
  const said = 'serverSaid' in session ? session.serverSaid : undefined;
  return {
    ...accountBrief(account),
    systemName: system.name,
    methodLabel: method.label(),
    address: saved.address,
    ...(problem !== undefined && {
      problem: said === undefined ? problem : m.server_said({ problem, said }),
    }),
    isInsecure: isInsecure(saved.address),
    ...(sessionKey && {
      verifiedAt: toWall(sessionKey.verifiedAt),
      since: toWall(sessionKey.since),
    }),
    ...(session.state === 'offline' && { retryAt: toWall(session.retryAt) }),
    canSignInAlone: account.credentials.canSignInAlone,
    isRemembered: saved.remember,
    keepAliveMinutes: saved.keepAliveMinutes,
    ...(saved.rest && { rest: saved.rest }),
    isResting: account.isResting,
    scripts: saved.scripts,
    pinned: saved.pinned,
    isManaged: saved.managed !== undefined,
    ...(format && { copyFormat: format.id }),
    user: identities.find(Boolean) ?? '',
    facts: sessionKey?.facts.map(factWords) ?? [],
    copyFormats: formats.map(({ id, label, warning }) => ({
      id,
      label: label(),
      ...(warning && { warning: warning() }),
    })),
  };
}

/** The screen that `keyvigil open NAME` opens: the row if the account needs a sign-in, otherwise its details. */
export function screenOf({ saved: { id }, session: { state } }: Account): WantedScreen {
  return { name: needsSignIn(state) ? 'row' : 'details', id };
}

/**
 * An account for the form. Says which secrets are stored, but not their values. The contract drops the fields that the form
 * does not use.
 */
export function editableAccount({ saved, method, credentials }: Account): EditableAccount {
  return {
    form: saved,
    storedSecrets: method.fields
      .filter(({ id, storedAs = id }) => id in credentials.usable || storedAs in credentials.usable)
      .map(({ id }) => id),
    ...(saved.managed && { managedFields: saved.managed.fields }),
  };
}

export function systemView(system: System): SystemView {
  const { id, name, addressExample, addressMark, methods } = system;
  const keepAliveMinutes = defaultMinutes(system);
  const methodViews = methods.map(({ id, label, fields }) => ({
    id,
    label: label(),
    fields: fields.map((field) => ({
      ...field,
      label: field.label(),
      hint: field.hint?.(),
      options: field.options?.map(({ id, label }) => ({ id, label: label() })),
    })),
  }));
  return { id, name, addressExample, addressMark, keepAliveMinutes, methods: methodViews };
}

/** Whether others on the network can read what is sent to this server. Requests to this computer use no network. */
export function isInsecure(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  const isLocal = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isLocal;
}
