import type { Field } from '../system.ts';

/** The vault stores MSAL's token cache under this id. */
export const TOKENS = 'tokens';

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const DOMAIN = /^([a-z\d-]+\.)+[a-z]{2,}$/i;
const WELL_KNOWN_TENANTS = ['common', 'organizations', 'consumers'];

const choice = (id: string, label: string) => ({ id, label });

/** Microsoft's sign-in hosts, by cloud. */
export const AUTHORITIES: Readonly<Record<string, string>> = {
  global: 'https://login.microsoftonline.com',
  'us-government': 'https://login.microsoftonline.us',
  china: 'https://login.partner.microsoftonline.cn',
};

/**
 * The fields of a sign-in with a Microsoft account.
 * @param returnUrl the one that the API's documentation asks administrators to register
 */
export function microsoftFields(returnUrl: string): readonly Field[] {
  return [
    {
      id: 'clientId',
      label: 'Client ID',
      secret: false,
      identity: true,
      hint: 'Of the application that your administrator registered in your tenant.',
      problem: (value) =>
        GUID.test(value)
          ? undefined
          : 'Type 32 hexadecimal digits in five groups, like 52e5f8a4-8b0e-455f-9df4-5beb7c37dd18.',
    },
    {
      id: 'tenant',
      label: 'Tenant',
      secret: false,
      identity: true,
      initial: 'common',
      hint: 'Your tenant’s ID or domain. An application for one tenant needs it.',
      problem: (value) =>
        GUID.test(value) || DOMAIN.test(value) || WELL_KNOWN_TENANTS.includes(value)
          ? undefined
          : 'Type the tenant’s ID, a domain such as example.com, or common.',
    },
    {
      id: 'style',
      label: 'Sign-in style',
      secret: false,
      initial: 'browser',
      options: [
        choice('browser', 'System browser'),
        choice('window', 'Sign-in window'),
        choice('device-code', 'Device code'),
      ],
      hint: 'The browser needs http://localhost in the registration, the window needs the Return URL. A code needs neither.',
    },
    {
      id: 'returnUrl',
      label: 'Return URL',
      secret: false,
      initial: returnUrl,
      onlyWith: { field: 'style', value: 'window' },
      hint: 'Exactly as registered, including capital letters.',
      problem: (value) =>
        URL.canParse(value) && /^https?:/i.test(value)
          ? undefined
          : 'Type a complete address that begins with https://.',
    },
    {
      id: 'cloud',
      label: 'Cloud',
      secret: false,
      identity: true,
      advanced: true,
      initial: 'global',
      options: [
        choice('global', 'Global'),
        choice('us-government', 'US government'),
        choice('china', 'China'),
      ],
    },
  ];
}
