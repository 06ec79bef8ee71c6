import { microsoftFields, TOKENS } from '../entra/fields.ts';
import type { Field, System } from '../system.ts';
import { readUrl } from '../url.ts';
import { apiUrl, explorer, hostToTrust, readAddress } from './address.ts';
import { RibCxClient, USER_AGENT } from './client.ts';
import { copyFormats } from './copy-formats.ts';

const API_FIELDS: readonly Field[] = [
  {
    id: 'apiVersion',
    label: 'API version',
    secret: false,
    advanced: true,
    // Older pages of the documentation write "latest", newer ones 24.08 and the like.
    initial: 'latest',
    hint: 'As in the address of the API, such as latest or 24.08.',
    problem: (value) =>
      /^[\w.-]+$/.test(value) ? undefined : 'Type a version such as latest or 24.08.',
  },
  {
    id: 'explorerAddress',
    label: 'Explorer address',
    secret: false,
    advanced: true,
    optional: true,
    localOnly: true,
    hint: 'Only if it is not in its usual place.',
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
  keepAlive: { sessionMinutes: 10 },
  methods: [
    {
      id: 'password',
      label: 'Email and password',
      fields: [
        { id: 'email', label: 'Email', secret: false, identity: true },
        {
          id: 'password',
          label: 'Password',
          secret: true,
          exact: true,
          storedAs: 'encryptedPassword',
          storedFormat: {
            label: 'Encrypted password',
            warning:
              'It is as good as the password: whoever has it can sign in as you, until you change the password.',
          },
        },
        ...API_FIELDS,
      ],
      refusedField: 'password',
    },
    {
      id: 'microsoft',
      label: 'Microsoft account',
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
