import type { KeptAccount } from '../sessions/kept-account.ts';
import { usualMinutes } from '../sessions/schedule.ts';
import type { Method, System } from '../systems/system.ts';
import type { AccountBrief, AccountView, EditableAccount, SystemView } from './contract.ts';

export function accountBrief({ account, session, held }: KeptAccount): AccountBrief {
  return {
    id: account.id,
    name: account.name,
    state: session.state,
    hasKey: held !== undefined,
  };
}

/**
 * An account as the popup shows it: everything but what is secret.
 * @param onWall turns a time into what the wall clock shows then
 */
export function accountView(kept: KeptAccount, onWall: (time: number) => number): AccountView {
  const { account, session, held, system, method } = kept;
  const problem = 'problem' in session ? session.problem : undefined;
  return {
    ...accountBrief(kept),
    systemName: system.name,
    methodLabel: method.label,
    address: account.address,
    ...(problem !== undefined && { problem }),
    insecure: isInsecure(account.address),
    ...(held && { verifiedAt: onWall(held.verifiedAt), since: onWall(held.since) }),
    ...(session.state === 'offline' && { retryAt: onWall(session.retryAt) }),
    canSignInAlone: kept.canSignInAlone,
    remembered: account.remember,
    keepAliveMinutes: account.keepAliveMinutes,
    facts: held?.facts ?? [],
    copyFormats: kept.client.copyFormats().map(({ id, label }) => ({ id, label })),
  };
}

/** An account for the form: of its secrets, only that they are there. The contract drops what the form has no use for. */
export function editableAccount({ account, method, usableSecrets }: KeptAccount): EditableAccount {
  return {
    form: account,
    storedSecrets: method.fields
      .filter(({ id, heldAs = id }) => id in usableSecrets || heldAs in usableSecrets)
      .map(({ id }) => id),
  };
}

export function systemView(system: System): SystemView {
  const { id, name, addressExample, methods } = system;
  const keepAliveMinutes = usualMinutes(system);
  return { id, name, addressExample, keepAliveMinutes, methods: methods.map(methodView) };
}

function methodView({ id, label, fields }: Method): SystemView['methods'][number] {
  // Nothing in a field is secret; the contract drops what the form has no use for.
  return {
    id,
    label,
    fields: fields.map((field) => ({ ...field, options: field.options?.slice() })),
  };
}

/** Everything sent to this server can be read on the way; on this machine itself there is no way. */
export function isInsecure(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return protocol === 'http:' && !isHere;
}
