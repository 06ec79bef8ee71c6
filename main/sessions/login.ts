import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { m } from '../messages/index.ts';
import { failed, success } from '../result.ts';
import { cancelled, type Outcome } from '../systems/failure.ts';
import type { Client, FieldValues, Interaction } from '../systems/system.ts';
import { SessionKey, type SavedAccount } from './saved-account.ts';

export interface Login {
  readonly sessionKey: SessionKey;
  /** The secret values to store from now on. */
  readonly secretValues: FieldValues;
  readonly learned: SavedAccount['learned'];
}

export interface LoginDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Absent in a silent login. */
  readonly user?: Interaction;
  /** Called with secrets that must be stored even if the login fails later. */
  readonly replaceSecrets?: (values: FieldValues) => Promise<void>;
}

/** Logs in once. Changes no account: the caller decides what to do with the result. */
export async function logInOnce(
  client: Client,
  saved: SavedAccount,
  secretValues: FieldValues,
  { clock, signal, user, replaceSecrets }: LoginDeps,
): Promise<Outcome<Login>> {
  let toStore = secretValues;
  const outcome = await client.logIn(
    { ...saved.values, ...secretValues },
    {
      signal,
      ...(user && { user }),
      async replaceSecrets(values) {
        if (signal.aborted) return;
        toStore = values;
        await replaceSecrets?.(values);
      },
    },
  );
  if (!outcome.ok) return outcome;
  const { key, facts, learned } = outcome.value;
  if (!v.is(SessionKey.entries.key, key)) {
    return failed({ kind: 'unexpected', message: m.odd_session_key() });
  }
  if (signal.aborted) {
    // The login succeeded after it was cancelled: leave no session behind on the server.
    await client.logOut(key, new AbortController().signal);
    return failed(cancelled());
  }
  const now = clock.now();
  return success({
    sessionKey: { key, since: now, verifiedAt: now, facts: [...facts] },
    secretValues: toStore,
    learned: { ...learned },
  });
}
