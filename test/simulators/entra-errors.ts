/**
 * The errors of Microsoft's sign-in, as its documentation lists them ("Microsoft Entra
 * authentication and authorization error codes"), with the OAuth error and status each comes with.
 * D: the numbers and what they mean, but for 500112, which is I. I: the exact texts, which Microsoft
 * changes; the OAuth error of each, where no page shows an example; and `suberror`
 * where it is not in the documentation of MSAL ("Handle errors").
 */
import { json } from './answers.ts';
import type { Fault } from './faults.ts';

interface ErrorKind {
  /** OAuth's code. */
  error: string;
  text: string;
  /** Default 400. */
  status?: number;
  /** What tells MSAL that the user can do something about it. */
  suberror?: string;
}

const ERRORS = {
  50011: {
    error: 'invalid_client',
    text: 'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
  },
  50020: {
    error: 'invalid_grant',
    text: 'User account does not exist in the tenant and cannot access the application in it.',
  },
  50058: {
    error: 'login_required',
    text: 'A silent sign-in request was sent but no user is signed in.',
  },
  50079: {
    error: 'interaction_required',
    suberror: 'basic_action',
    text: 'Due to a configuration change made by your administrator, or because you moved to a new location, you must enroll in multi-factor authentication.',
  },
  50126: {
    error: 'invalid_grant',
    text: 'Error validating credentials due to invalid username or password.',
  },
  50173: {
    error: 'invalid_grant',
    suberror: '',
    text: 'The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.',
  },
  50194: {
    error: 'invalid_request',
    text: 'Application is not configured as a multi-tenant application. Usage of the /common endpoint is not supported for such apps. Use a tenant-specific endpoint or configure the application to be multi-tenant.',
  },
  53003: {
    error: 'invalid_grant',
    suberror: 'message_only',
    text: 'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
  },
  54005: {
    error: 'invalid_grant',
    text: 'OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.',
  },
  65001: {
    error: 'invalid_grant',
    suberror: 'consent_required',
    text: 'The user or administrator has not consented to use the application. Send an interactive authorization request for this user and resource.',
  },
  65004: {
    error: 'access_denied',
    text: 'User declined to consent to access the app.',
  },
  70000: {
    error: 'invalid_grant',
    text: "The provided value for the input parameter 'refresh_token' or 'code' is not valid.",
  },
  70003: {
    error: 'unsupported_grant_type',
    text: 'The app requested an unsupported grant type.',
  },
  70008: {
    error: 'invalid_grant',
    text: 'The provided authorization code or refresh token has expired due to inactivity.',
  },
  70016: {
    error: 'authorization_pending',
    text: 'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
  },
  70018: {
    error: 'bad_verification_code',
    text: 'Invalid verification code.',
  },
  70019: {
    error: 'expired_token',
    text: 'Verification code expired.',
  },
  90002: {
    error: 'invalid_request',
    text: 'Tenant not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.',
  },
  90094: {
    error: 'access_denied',
    text: 'The grant requires administrator permission.',
  },
  500011: {
    error: 'invalid_resource',
    text: 'The resource principal was not found in the tenant.',
  },
  500112: {
    error: 'invalid_client',
    text: 'The reply address does not match the reply address provided when requesting Authorization code.',
  },
  501481: {
    error: 'invalid_grant',
    text: 'The Code_Verifier does not match the code_challenge supplied in the authorization request.',
  },
  700005: {
    error: 'invalid_grant',
    text: 'Provided Authorization Code is intended to use against other tenant, thus rejected.',
  },
  700016: {
    error: 'unauthorized_client',
    text: 'Application was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.',
  },
  700054: {
    error: 'unsupported_response_type',
    text: "The response_type is not enabled for the application; only 'code' is.",
  },
  700082: {
    error: 'invalid_grant',
    text: 'The refresh token has expired due to inactivity.',
  },
  900144: {
    error: 'invalid_request',
    text: 'The request body is missing a required parameter.',
  },
  7000218: {
    error: 'invalid_client',
    status: 401,
    text: "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
  },
} satisfies Record<number, ErrorKind>;

/** A number as in `AADSTS50126`. */
export type AadstsCode = keyof typeof ERRORS;

export interface ErrorDetails {
  suberror?: string;
  correlationId?: string | null;
  /** Default: the real time. */
  at?: number;
}

const NIL = '00000000-0000-0000-0000-000000000000';

/** D: the fields of an error of the token endpoint ("authorization code flow"). */
function errorFields(code: AadstsCode, { suberror, correlationId, at }: ErrorDetails) {
  const kind: ErrorKind = ERRORS[code];
  const timestamp = new Date(at ?? Date.now()).toISOString().replace(/T(.*)\..*/, ' $1Z');
  const correlation = correlationId ?? NIL;
  const sub = suberror ?? kind.suberror;
  return {
    error: kind.error,
    error_description: [
      errorText(code),
      `Trace ID: ${NIL}`,
      `Correlation ID: ${correlation}`,
      `Timestamp: ${timestamp}`,
    ].join('\r\n'),
    error_codes: [code],
    timestamp,
    trace_id: NIL,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
    ...(sub !== undefined && { suberror: sub }),
  };
}

export function errorText(code: AadstsCode): string {
  return `AADSTS${code}: ${ERRORS[code].text}`;
}

/** As the token and device code endpoints answer it. */
export function errorAnswer(code: AadstsCode, details: ErrorDetails = {}): Response {
  const { status = 400 }: ErrorKind = ERRORS[code];
  return json(errorFields(code, details), status);
}

/**
 * As a redirect carries it to an application.
 * I: what a token endpoint calls `invalid_grant` is `interaction_required` here, since there is no
 * grant yet.
 */
export function errorParameters(code: AadstsCode): Record<string, string> {
  const { error } = ERRORS[code];
  return {
    error: error === 'invalid_grant' ? 'interaction_required' : error,
    error_description: errorText(code),
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  };
}

/** Any of them on demand: `entra.faults.next(aadError(53003), { route: 'token' })`. */
export function aadError(code: AadstsCode, details: ErrorDetails = {}): Fault {
  return { kind: 'instead', answer: () => errorAnswer(code, details) };
}

/** D: slow_down is RFC 8628's (3.5); I: Microsoft documents none, so it has no number. */
export function slowDown(): Response {
  return json({ error: 'slow_down', error_description: 'Polling too frequently.' }, 400);
}

/** D: `authorization_declined` ("device authorization grant"). I: that it has no number of its own. */
export function authorizationDeclined(): Response {
  const error_description = 'The end user denied the authorization request.';
  return json({ error: 'authorization_declined', error_description }, 400);
}

/** Ends a request with an error of Microsoft's: a page for a browser, JSON for a client. */
export class Refusal extends Error {
  readonly code: AadstsCode;
  readonly suberror: string | undefined;

  constructor(code: AadstsCode, suberror?: string) {
    super(errorText(code));
    this.code = code;
    this.suberror = suberror;
  }
}
