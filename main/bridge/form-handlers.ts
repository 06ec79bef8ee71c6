import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { findMethod } from '../sessions/account-form.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { knownValues } from './known-values.ts';
import type { Handlers } from './server.ts';
import { isInsecure } from './views.ts';

type FormHandlers = Pick<Handlers, 'readAddress' | 'askServer' | 'knownValues' | 'checkField'>;

/** Helps the user to fill in a form. Never signs in, and stores nothing. */
export function createFormHandlers({
  systems,
  services,
  shownAccounts,
}: Pick<HandlerDeps, 'systems' | 'services' | 'shownAccounts'>): FormHandlers {
  return {
    readAddress({ address: typed, ...ids }) {
      const found = findMethod(systems, ids);
      if (!found) return failed({ message: m.unknown_method() });
      const reading = found.system.readAddress(typed);
      if (!reading.ok) return failed({ message: reading.error, field: 'address' });
      const address = reading.value;
      const hostToTrust = found.method.hostToTrust?.(address);
      return success({
        address,
        isInsecure: isInsecure(address),
        ...(hostToTrust && { hostToTrust }),
      });
    },
    async askServer({ system: id, address: typed }) {
      const system = systems.find((system) => system.id === id);
      const reading = system?.readAddress(typed);
      if (!system || !reading?.ok) return false;
      const methodId = system.methods[0]!.id;
      const target = { address: reading.value, methodId, values: {}, learned: {} };
      const { signal } = new AbortController();
      return (await system.connect(target, services()).identify(signal)).ok;
    },
    knownValues: ({ except }) =>
      knownValues(shownAccounts.all.filter(({ saved }) => saved.id !== except)),
    checkField: ({ field, value, ...ids }) =>
      findMethod(systems, ids)
        ?.method.fields.find(({ id }) => id === field)
        ?.problem?.(value.trim()),
  };
}
