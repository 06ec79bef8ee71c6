import type { Failure } from '../failure.ts';

/** An error answer of Microsoft's endpoints (OAuth 2.0, with Microsoft's own numbers). */
export interface EntraError {
  readonly error: string;
  readonly description: string;
  readonly codes: readonly number[];
}

/** The common ones in plain words, with what an administrator must do. Numbers: Microsoft, "AADSTS error codes". */
const IN_WORDS: Readonly<Record<number, string>> = {
  50011:
    'This Return URL is not registered for the application. An administrator must add it to the registration, to the letter.',
  50058: 'Nobody is signed in at Microsoft any more. Sign in again.',
  50079:
    'Your organisation now wants a second factor. Sign in again, and set it up when Microsoft asks for it.',
  50076: 'Your organisation wants a second factor. Sign in again.',
  50126: 'Microsoft refused this user name and password.',
  50173: 'Your password was changed, or your sign-ins were revoked. Sign in again.',
  50194:
    'The application is registered for one tenant alone. Type that tenant’s ID or domain in the place of “common”.',
  53003:
    'Your organisation’s conditional access does not allow this sign-in. An administrator can see why in the sign-in logs.',
  65001:
    'The application has no consent yet. An administrator must grant it access to RIB CX, for you or for all users.',
  65004: 'Consent was declined.',
  70008: 'The sign-in at Microsoft has expired. Sign in again.',
  90002: 'This tenant does not exist. Check the Tenant.',
  700016:
    'This tenant does not know the application. Check Client ID and Tenant; an administrator finds both in the registration.',
  700082: 'The sign-in at Microsoft has expired. Sign in again.',
  7000218:
    'The application is not registered as a public client. An administrator must allow public client flows in its registration.',
};

/** OAuth's own errors, for which Microsoft has no number. */
const BY_ERROR: Readonly<Record<string, string>> = {
  access_denied: 'The sign-in was declined at Microsoft.',
  authorization_declined: 'The sign-in was declined at Microsoft.',
  expired_token: 'The code has expired before anybody used it. Sign in again.',
  code_expired: 'The code has expired before anybody used it. Sign in again.',
};

/** Microsoft tells clients to act on `error` alone; numbers only make better words. */
const TRANSIENT = ['temporarily_unavailable', 'server_error'];

export function explain({ error, codes }: EntraError): Failure {
  const code = codes.find((code) => code in IN_WORDS) ?? codes[0];
  const name = code === undefined ? '' : ` (AADSTS${code})`;
  if (TRANSIENT.includes(error)) {
    const message = `Microsoft’s sign-in is not available just now${name}.`;
    return {
      kind: 'unreachable',
      reason: 'server-error',
      host: 'login.microsoftonline.com',
      message,
    };
  }
  const words =
    (code !== undefined && IN_WORDS[code]) ||
    BY_ERROR[error] ||
    `Microsoft refused the sign-in: ${error}.`;
  return { kind: 'refused', message: words + name };
}
