import { m } from '../../messages/index.ts';
import { microsoftFields, TOKENS } from '../entra/fields.ts';
import type { Field, System } from '../system.ts';
import { readUrl } from '../url.ts';
import { apiUrl, explorer, hostToTrust, readAddress } from './address.ts';
import { RibCxClient, USER_AGENT } from './client.ts';
import { copyFormats } from './copy-formats.ts';

const API_FIELDS: readonly Field[] = [
  {
    id: 'apiVersion',
    label: m.api_version,
    secret: false,
    advanced: true,
    // Older pages of the documentation write "latest", newer pages write for example 24.08.
    initial: 'latest',
    hint: m.api_version_hint,
    problem: (value) => (/^[\w.-]+$/.test(value) ? undefined : m.type_api_version()),
  },
  {
    id: 'explorerAddress',
    label: m.explorer_address,
    secret: false,
    advanced: true,
    optional: true,
    localOnly: true,
    hint: m.explorer_address_hint,
    problem(value) {
      const url = readUrl(value);
      return url.ok ? undefined : url.error;
    },
  },
];

/** RIB CX (formerly iTWO cx), through its web API. */
export const ribCx: System = {
  id: 'rib-cx',
  name: 'RIB CX',
  keyParameter: { in: 'header', name: 'key', headers: { 'User-Agent': USER_AGENT } },
  signInPaths: ['/api/login/'],
  exampleCall: { path: 'Api/Project/Get', query: { skip: '0', take: '10' }, listName: 'Items' },
  addressExample: 'au.itwocx.com',
  addressMark: 'itwocx.com',
  // No documentation says how long a session lives.
  keepAliveRhythm: { sessionMinutes: 10 },
  methods: [
    {
      id: 'password',
      label: m.email_and_password,
      fields: [
        { id: 'email', label: m.email, secret: false, identity: true },
        {
          id: 'password',
          label: m.password,
          secret: true,
          exact: true,
          storedAs: 'encryptedPassword',
          storedFormat: {
            label: m.encrypted_password,
            warning: m.encrypted_password_warning,
          },
        },
        ...API_FIELDS,
      ],
      refusedField: 'password',
    },
    {
      id: 'microsoft',
      label: m.microsoft_account,
      fields: [...microsoftFields('https://au.itwocx.com/cxR/Authentication'), ...API_FIELDS],
      hostToTrust,
      canRenew: (stored) => (stored[TOKENS] ?? '') !== '',
      neverLocks: true,
      signOutForgets: [TOKENS],
    },
  ],
  readAddress,
  connect: (target, services) => new RibCxClient(target, services),
  apiBase: apiUrl,
  copyFormats,
  explorer,
};
