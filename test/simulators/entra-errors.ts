/**
 * The errors of Microsoft's sign-in. Documented: the numbers, their meaning ("Microsoft Entra authentication and authorization
 * error codes"), and `suberror` (MSAL, "Handle errors"). Inferred: the texts, 500112, and the OAuth error if no page has an
 * example. entra.ts explains these words.
 */
import { json } from './answers.ts';
import type { Fault } from './faults.ts';

/** The errors that the simulator gives by itself, and the errors that are not just `invalid_grant`. */
const ERRORS: Readonly<Record<number, [error: string, text: string, suberror?: string]>> = {
  50011: ['invalid_client', 'The redirect URI is not one that is configured for the application.'],
  50058: ['login_required', 'A silent sign-in request was sent but no user is signed in.'],
  50079: ['interaction_required', 'The user must enroll in a second factor.', 'basic_action'],
  50126: ['invalid_grant', 'Error validating credentials due to invalid username or password.'],
  50173: ['invalid_grant', 'The provided grant has expired due to it being revoked.', ''],
  50194: ['invalid_request', 'Application is not configured as a multi-tenant application.'],
  53003: ['invalid_grant', 'Blocked by Conditional Access policies.', 'message_only'],
  65001: ['invalid_grant', 'Nobody has consented to the application.', 'consent_required'],
  65004: ['access_denied', 'User declined to consent to access the app.'],
  70000: ['invalid_grant', "The provided value for 'refresh_token' or 'code' is not valid."],
  70003: ['unsupported_grant_type', 'The app requested an unsupported grant type.'],
  70016: ['authorization_pending', 'Authorization is pending. Continue polling.'],
  70018: ['bad_verification_code', 'Invalid verification code.'],
  70019: ['expired_token', 'Verification code expired.'],
  90002: ['invalid_request', 'Tenant not found.'],
  90094: ['access_denied', 'The grant requires administrator permission.'],
  500011: ['invalid_resource', 'The resource principal was not found in the tenant.'],
  500112: ['invalid_client', 'The reply address is not the one with which the code was requested.'],
  501481: ['invalid_grant', 'The Code_Verifier does not match the code_challenge.'],
  700016: ['unauthorized_client', 'Application was not found in the directory.'],
  7000218: ['invalid_client', "The request body must contain 'client_secret'."],
};

/** Ends a request: a client gets JSON, and a person gets a page. */
export class Refusal extends Error {
  readonly code: number;
  /** The error in OAuth's own words, such as `invalid_grant`. */
  readonly error: string;
  readonly suberror: string | undefined;

  constructor(code: number, suberror?: string) {
    const [error, text, usualSuberror] = ERRORS[code] ?? ['invalid_grant', 'The sign-in failed.'];
    super(`AADSTS${code}: ${text}`);
    this.code = code;
    this.error = error;
    this.suberror = suberror ?? usualSuberror;
  }

  /** Documented: the answer has these fields ("authorization code flow"). Fields that only a log needs are left out. */
  toAnswer(): Response {
    const { code, error, message, suberror } = this;
    const body = {
      error,
      error_description: `${message}\r\nTrace ID: 00000000-0000-0000-0000-000000000000`,
      error_codes: [code],
      ...(suberror !== undefined && { suberror }),
    };
    // RFC 6749, 5.2: `invalid_client` may have status 401. Every other error has 400.
    return json(body, error === 'invalid_client' ? 401 : 400);
  }
}

/** Makes any error of Microsoft's list: `entra.faults.next(aadError(53003), { route: 'token' })`. */
export function aadError(code: number): Fault {
  return { kind: 'instead', answer: () => new Refusal(code).toAnswer() };
}
