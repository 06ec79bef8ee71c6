import type { Account } from '../sessions/account.ts';

/** The stored secrets that the account's user may copy. */
export function storedFormats({ method, credentials }: Pick<Account, 'method' | 'credentials'>) {
  return method.fields.flatMap(({ storedAs, storedFormat }) => {
    const text = storedAs && credentials.usable[storedAs];
    return storedAs && text && storedFormat ? [{ id: storedAs, text, ...storedFormat }] : [];
  });
}
