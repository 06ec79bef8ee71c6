import type { Account } from '../sessions/account.ts';
import type { Field, Method } from '../systems/system.ts';
import type { Answer } from './contract.ts';

/** The values of existing accounts, which a form can offer: by system, then by field or `address`. */
export function knownValues(
  accounts: readonly Pick<Account, 'saved' | 'method'>[],
): Answer<'knownValues'> {
  const known: Record<string, Record<string, string[]>> = {};
  for (const { saved, method } of accounts) {
    const ofSystem = (known[saved.system] ??= {});
    const add = (id: string, value: string) => {
      const ofField = (ofSystem[id] ??= []);
      if (!ofField.includes(value)) ofField.push(value);
    };
    add('address', saved.address);
    for (const { id, initial } of sharedFields(method)) {
      const value = saved.values[id] ?? '';
      // A new form already has the initial value.
      if (value !== '' && value !== initial) add(id, value);
    }
  }
  return known;
}

/** The fields whose values other accounts may share. In a method with a secret, the identity is a person's user name: left out. */
function sharedFields({ fields }: Method): readonly Field[] {
  const hasSecret = fields.some(({ secret }) => secret);
  return fields.filter(
    ({ secret, options, identity }) => !secret && !options && !(identity && hasSecret),
  );
}
