import type { Failure } from '../failure.ts';
import { unreachable } from '../network-error.ts';

/** An error answer of Microsoft's endpoints: OAuth 2.0, with Microsoft's own numbers. */
export interface EntraError {
  readonly error: string;
  readonly codes: readonly number[];
}

/** The codes that a user can meet, from Microsoft's list "Microsoft Entra authentication and authorization error codes". */
const NUMBERS: Readonly<Record<string, readonly number[]>> = {
  // The sign-in has ended.
  'You are no longer signed in at Microsoft. Sign in again.': [50058, 50140, 700020],
  'Your sign-in at Microsoft has expired. Sign in again.': [
    50089, 54005, 70000, 70008, 700082, 700084,
  ],
  'Your organisation limits how long a sign-in lasts, and yours has ended. Sign in again.': [70043],
  'Your password was changed, or your sign-ins were revoked. Sign in again.': [50132, 50133, 50173],
  'The code has expired or is wrong. Sign in again to get a new one.': [70018, 70019, 90119],
  'This code was already used. Sign in again to get a new one.': [90120],

  // The user must prove who they are.
  'Your organisation requires a second factor. Sign in again, and set it up when Microsoft asks for it.':
    [50072, 50079, 53004],
  'Your organisation requires a second factor. Sign in again, and confirm it when Microsoft asks.':
    [50074, 50076, 50158],
  'Your second factor has expired. Sign in again, and confirm it when Microsoft asks.': [50078],
  'Your organisation allows a second factor to be set up only from certain places or devices. Set it up there, or ask your administrator.':
    [53010],
  'Microsoft refused this user name or password. Check both and sign in again.': [
    50056, 50064, 50126,
  ],
  'Your password has expired. Change it at Microsoft, then sign in again.': [50055, 50144],
  'Microsoft asks you to change your password. Sign in again, and follow its instructions.': [
    50125, 50135,
  ],
  'Microsoft has blocked you after too many failed sign-ins, or does not trust this network. Wait an hour, or ask your administrator.':
    [50053],
  'Your user account is disabled. Ask your administrator to enable it.': [50057],
  'Your organisation does not allow sign-ins at this time of day. Sign in later, or ask your administrator.':
    [80012],

  // The user is not one of the tenant's, or not one of the application's.
  'Your user account does not belong to this tenant. Sign in with one that does, or ask the tenant’s administrator to invite you as a guest.':
    [16000, 16003, 50014, 50020, 50034, 50197, 51004, 90072],
  'The tenant does not accept this kind of user account. Sign in with your work or school account.':
    [500208],
  'Your organisation, or the tenant’s, does not allow you to sign in to this tenant. Ask your administrator to allow it.':
    [50002, 90084, 500021, 500022, 500212, 500213],
  'You are not assigned to the application. An administrator must assign it to you, under Enterprise applications.':
    [50105],

  // Consent.
  'The application has no consent yet. Sign in again and accept, or ask an administrator to give consent for all users.':
    [65001, 90008, 9002341],
  'You declined the consent that the application needs. Sign in again and accept it, or ask your administrator.':
    [65004],
  'The application needs an administrator’s consent. Ask an administrator of your tenant to grant it.':
    [90093, 90094, 90095, 90099],

  // Conditional access.
  'Your organisation’s conditional access does not allow this sign-in. An administrator can see why in the sign-in logs.':
    [50005, 50131, 53003, 53011, 530032, 530035],
  'Your organisation requires a managed device. Use one with the sign-in style System browser, or ask your administrator.':
    [50097, 50129, 50155, 50187, 53000, 53001, 135011],
  'Your organisation allows only approved applications. Ask your administrator to approve this one.':
    [50127, 53002],

  // The account's settings, or the application's registration.
  'The Return URL is not registered for the application. An administrator must add it to the registration exactly (for the system browser: http://localhost).':
    [50011, 70004, 500112, 900971],
  'The application is registered for one tenant only. Type that tenant’s ID or domain as the Tenant.':
    [50194],
  'Microsoft needs to know your tenant. Type its ID or domain as the Tenant.': [
    50059, 50128, 90019, 90124, 90130, 9001023, 9002332,
  ],
  'This tenant does not exist. Check the Tenant, and the Cloud under More options.': [90002],
  'The tenant belongs to another Microsoft cloud. Choose that Cloud under More options.': [
    90038, 90043, 90051, 900432,
  ],
  'The tenant does not know this Client ID. Check Client ID and Tenant: an administrator finds both in the registration.':
    [700011, 700016],
  'The application is disabled. An administrator must enable it under Enterprise applications.': [
    70001, 1000031, 7000112,
  ],
  'The application is not registered as a public client. An administrator must allow public client flows in its registration.':
    [70002, 7000215, 7000218],
  'The tenant does not know the server’s API. An administrator must add it to the tenant.': [
    50001, 500011, 650052, 650054,
  ],
  'The application has no permission for the server’s API. An administrator must add it to the registration, and give consent.':
    [65005, 70011, 650056, 650057],

  // Not the user's fault.
  'Your organisation’s own sign-in service failed. Sign in again later, or tell your administrator.':
    [
      20001, 20012, 20033, 40008, 40009, 40010, 40015, 50107, 80001, 80002, 80005, 80007, 80010,
      80013, 80014, 90123,
    ],
  'Microsoft got too many requests from this application. Sign in again in a few minutes.': [50196],
  'Microsoft’s sign-in is not available at the moment. Sign in again later.': [
    50000, 50033, 50087, 50088, 70012, 90006, 90012, 90024, 90033, 90036, 90055, 90090, 90091,
  ],
};

export const MESSAGE_OF: ReadonlyMap<number, string> = new Map(
  Object.entries(NUMBERS).flatMap(([message, codes]) => codes.map((code) => [code, message])),
);

/** OAuth's own errors, which have no number. */
const DECLINED = 'The sign-in was declined at Microsoft. Sign in again and accept it.';
const CODE_EXPIRED = 'The code has expired. Sign in again to get a new one.';
const MESSAGE_OF_ERROR: Readonly<Record<string, string>> = {
  access_denied: DECLINED,
  authorization_declined: DECLINED,
  expired_token: CODE_EXPIRED,
  code_expired: CODE_EXPIRED,
};

/**
 * Microsoft asks clients to act on `error` only, because its numbers change. So the numbers choose the message, and nothing
 * else.
 */
const TRANSIENT = ['temporarily_unavailable', 'server_error'];

export function explain({ error, codes }: EntraError): Failure {
  const code = codes.find((code) => MESSAGE_OF.has(code)) ?? codes[0];
  const withNumber = (message: string) =>
    code === undefined ? message : `${message} (AADSTS${code})`;
  if (TRANSIENT.includes(error)) {
    const message = withNumber('Microsoft’s sign-in is not available at the moment.');
    return unreachable('login.microsoftonline.com', 'server-error', message);
  }
  const message =
    (code !== undefined && MESSAGE_OF.get(code)) ||
    MESSAGE_OF_ERROR[error] ||
    `Microsoft refused the sign-in: ${error}. Sign in again, or show this message to your administrator.`;
  return { kind: 'refused', message: withNumber(message) };
}
