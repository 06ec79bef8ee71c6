import { m } from '../../messages/index.ts';
import type { Failure } from '../failure.ts';
import { unreachable } from '../network-error.ts';

/** An error answer of Microsoft: `error` is one of OAuth 2.0's, and `codes` has Microsoft's numbers, such as 50105. */
export interface EntraError {
  readonly error: string;
  readonly codes: readonly number[];
}

/** The codes that a user can meet, from Microsoft's list "Microsoft Entra authentication and authorization error codes". */
const NUMBERS: readonly [message: () => string, numbers: readonly number[]][] = [
  // The sign-in has ended.
  [m.ms_signed_out, [50058, 50140, 700020]],
  [m.ms_sign_in_expired, [50089, 54005, 70000, 70008, 700082, 700084]],
  [m.ms_sign_in_limited, [70043]],
  [m.ms_sign_in_revoked, [50132, 50133, 50173]],
  [m.ms_code_wrong, [70018, 70019, 90119]],
  [m.ms_code_used, [90120]],

  // The user must prove who they are.
  [m.ms_set_up_second_factor, [50072, 50079, 53004]],
  [m.ms_confirm_second_factor, [50074, 50076, 50158]],
  [m.ms_second_factor_expired, [50078]],
  [m.ms_second_factor_elsewhere, [53010]],
  [m.ms_credentials_refused, [50056, 50064, 50126]],
  [m.ms_password_expired, [50055, 50144]],
  [m.ms_change_password, [50125, 50135]],
  [m.ms_blocked, [50053]],
  [m.ms_user_disabled, [50057]],
  [m.ms_time_of_day, [80012]],

  // The user does not belong to the tenant, or to the application.
  [m.ms_not_in_tenant, [16000, 16003, 50014, 50020, 50034, 50197, 51004, 90072]],
  [m.ms_wrong_kind_of_account, [500208]],
  [m.ms_tenant_not_allowed, [50002, 90084, 500021, 500022, 500212, 500213]],
  [m.ms_not_assigned, [50105]],

  // Consent.
  [m.ms_no_consent, [65001, 90008, 9002341]],
  [m.ms_consent_declined, [65004]],
  [m.ms_admin_consent, [90093, 90094, 90095, 90099]],

  // Conditional access.
  [m.ms_conditional_access, [50005, 50131, 53003, 53011, 530032, 530035]],
  [m.ms_managed_device, [50097, 50129, 50155, 50187, 53000, 53001, 135011]],
  [m.ms_approved_applications, [50127, 53002]],

  // The account's settings, or the application's registration.
  [m.ms_return_url_not_registered, [50011, 70004, 500112, 900971]],
  [m.ms_one_tenant_only, [50194]],
  [m.ms_tenant_needed, [50059, 50128, 90019, 90124, 90130, 9001023, 9002332]],
  [m.ms_tenant_unknown, [90002]],
  [m.ms_other_cloud, [90038, 90043, 90051, 900432]],
  [m.ms_client_id_unknown, [700011, 700016]],
  [m.ms_application_disabled, [70001, 1000031, 7000112]],
  [m.ms_not_public_client, [70002, 7000215, 7000218]],
  [m.ms_api_unknown, [50001, 500011, 650052, 650054]],
  [m.ms_api_permission, [65005, 70011, 650056, 650057]],

  // Not the user's fault.
  [
    m.ms_own_service_failed,
    [
      20001, 20012, 20033, 40008, 40009, 40010, 40015, 50107, 80001, 80002, 80005, 80007, 80010,
      80013, 80014, 90123,
    ],
  ],
  [m.ms_too_many_requests, [50196]],
  [
    m.ms_not_available,
    [50000, 50033, 50087, 50088, 70012, 90006, 90012, 90024, 90033, 90036, 90055, 90090, 90091],
  ],
];

export const MESSAGE_OF: ReadonlyMap<number, () => string> = new Map(
  NUMBERS.flatMap(([message, numbers]) => numbers.map((number) => [number, message])),
);

/** OAuth's own errors, which have no number. */
const MESSAGE_OF_ERROR: ReadonlyMap<string, () => string> = new Map([
  ['access_denied', m.ms_declined],
  ['authorization_declined', m.ms_declined],
  ['expired_token', m.ms_code_expired],
  ['code_expired', m.ms_code_expired],
]);

/**
 * The errors that a retry may solve. Microsoft asks clients to act on `error` only, because its numbers change. So the numbers
 * choose only the message.
 */
const TRANSIENT = ['temporarily_unavailable', 'server_error'];

export function explain({ error, codes }: EntraError): Failure {
  const code = codes.find((code) => MESSAGE_OF.has(code)) ?? codes[0];
  const withNumber = (message: string) =>
    code === undefined ? message : m.with_number({ message, number: code });
  if (TRANSIENT.includes(error)) {
    const message = withNumber(m.ms_not_available());
    return unreachable('login.microsoftonline.com', 'server-error', message);
  }
  const message =
    (code === undefined ? undefined : MESSAGE_OF.get(code)?.()) ??
    MESSAGE_OF_ERROR.get(error)?.() ??
    m.ms_refused({ error });
  return { kind: 'refused', message: withNumber(message) };
}
