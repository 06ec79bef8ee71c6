import { m } from '../../messages/index.ts';
import type { Field } from '../system.ts';

/** The vault stores MSAL's token cache under this id. */
export const TOKENS = 'tokens';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const DOMAIN = /^([a-z\d-]+\.)+[a-z]{2,}$/i;
const WELL_KNOWN_TENANTS = ['common', 'organizations', 'consumers'];

const choice = (id: string, label: () => string) => ({ id, label });

/** Microsoft's sign-in hosts, by cloud. */
export const AUTHORITIES: Readonly<Record<string, string>> = {
  global: 'https://login.microsoftonline.com',
  'us-government': 'https://login.microsoftonline.us',
  china: 'https://login.partner.microsoftonline.cn',
};

/**
 * The fields of a sign-in with a Microsoft account.
 * @param returnUrl the Return URL that the API's documentation asks administrators to register
 */
export function microsoftFields(returnUrl: string): readonly Field[] {
  return [
    {
      id: 'clientId',
      label: m.client_id,
      secret: false,
      identity: true,
      hint: m.client_id_hint,
      problem: (value) =>
        GUID.test(value)
          ? undefined
          : m.type_client_id({ example: '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18' }),
    },
    {
      id: 'tenant',
      label: m.tenant,
      secret: false,
      identity: true,
      initial: 'common',
      hint: m.tenant_hint,
      problem: (value) =>
        GUID.test(value) || DOMAIN.test(value) || WELL_KNOWN_TENANTS.includes(value)
          ? undefined
          : m.type_tenant(),
    },
    {
      id: 'style',
      label: m.sign_in_style,
      secret: false,
      initial: 'browser',
      options: [
        choice('browser', m.system_browser),
        choice('window', m.sign_in_window),
        choice('device-code', m.device_code),
      ],
      hint: m.sign_in_style_hint,
    },
    {
      id: 'returnUrl',
      label: m.return_url,
      secret: false,
      initial: returnUrl,
      onlyWith: { field: 'style', value: 'window' },
      hint: m.return_url_hint,
      problem: (value) =>
        URL.canParse(value) && /^https?:/i.test(value) ? undefined : m.type_return_url(),
    },
    {
      id: 'cloud',
      label: m.cloud,
      secret: false,
      identity: true,
      advanced: true,
      initial: 'global',
      options: [
        choice('global', m.cloud_global),
        choice('us-government', m.cloud_us_government),
        choice('china', m.cloud_china),
      ],
    },
  ];
}
