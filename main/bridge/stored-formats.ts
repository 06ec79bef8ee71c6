import type { AccountSession } from '../sessions/account-session.ts';

/** The stored secrets that the account's user may copy. */
export function storedFormats({
  method,
  credentials,
}: Pick<AccountSession, 'method' | 'credentials'>) {
  return method.fields.flatMap(({ storedAs, storedFormat }) => {
    const text = storedAs && credentials.usable[storedAs];
    return storedAs && text && storedFormat ? [{ id: storedAs, text, ...storedFormat }] : [];
  });
}
