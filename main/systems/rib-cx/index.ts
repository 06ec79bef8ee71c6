import { microsoftFields, TOKENS } from '../entra/fields.ts';
import type { Field, System } from '../system.ts';
import { readUrl } from '../url.ts';
import { RibCxClient } from './client.ts';

const API_FIELDS: readonly Field[] = [
  {
    id: 'apiVersion',
    label: 'API version',
    secret: false,
    advanced: true,
    // The older pages of the documentation write "latest", newer ones 24.08 and the like.
    initial: 'latest',
    hint: 'As in the address of the API: latest, or 24.08 and the like.',
    problem: (value) =>
      /^[\w.-]+$/.test(value) ? undefined : 'A version is like latest, or like 24.08.',
  },
  {
    id: 'explorerAddress',
    label: 'Explorer address',
    secret: false,
    advanced: true,
    optional: true,
    hint: 'Where it is not at its usual place.',
    problem(value) {
      const reading = readUrl(value);
      return reading.ok ? undefined : reading.problem;
    },
  },
];

/** RIB CX (formerly iTWO cx), through its web API. */
export const ribCx: System = {
  id: 'rib-cx',
  name: 'RIB CX',
  addressExample: 'au.itwocx.com',
  // Nothing is documented of how long a session lives.
  keepAlive: { sessionMinutes: 10 },
  methods: [
    {
      id: 'password',
      label: 'Email and password',
      fields: [
        { id: 'email', label: 'Email', secret: false },
        {
          id: 'password',
          label: 'Password',
          secret: true,
          exact: true,
          heldAs: 'encryptedPassword',
        },
        ...API_FIELDS,
      ],
    },
    {
      id: 'microsoft',
      label: 'Microsoft account',
      fields: [...microsoftFields('https://au.itwocx.com/cxR/Authentication'), ...API_FIELDS],
      canRenew: (held) => (held[TOKENS] ?? '') !== '',
      neverLocks: true,
      signOutForgets: [TOKENS],
    },
  ],
  /** The host is all that counts: the rest of what people paste is a page. */
  readAddress(typed) {
    const reading = readUrl(typed);
    return reading.ok ? { ok: true, address: reading.url.origin } : reading;
  },
  connect: (target, services) => new RibCxClient(target, services),
};
