import { m } from '../../messages/index.ts';
import type { Method, System } from '../system.ts';
import { baseUrl, explorer, readAddress } from './address.ts';
import { NexusIcClient } from './client.ts';
import { copyFormats } from './copy-formats.ts';

const keyMethod = (
  id: string,
  label: () => string,
  fieldId: string,
  hint: () => string,
): Method => ({
  id,
  label,
  fields: [{ id: fieldId, label, secret: true, hint }],
  refusedField: fieldId,
});

/** NEXUS IC (Wood), through the REST interface of its web server, IC-Web. */
export const nexusIc: System = {
  id: 'nexus-ic',
  name: 'NEXUS IC',
  // The hash is never sent as a header (6.3 to 6.9, ic-web.rest). 404 is documented for `security/logout`, and IC-Web may use
  // 404 for other calls.
  keyParameter: { in: 'query', name: 'hash', expiredStatuses: [404] },
  signInPaths: ['/security/'],
  exampleCall: { path: 'bo/Workpack/', query: { pageSize: '10' }, listName: 'rows' },
  addressExample: 'nexus.example.com',
  addressMark: 'icweb.dll',
  keepAliveRhythm: {
    // IC-Web logs everyone out after 10 minutes without any request, unless its administrator changed that (6.9, technical
    // specification).
    serverMinutes: 8,
    // A hash expires 60 minutes after its last use (security.login).
    sessionMinutes: 30,
    expiryMinutes: 60,
  },
  methods: [
    {
      id: 'password',
      label: m.user_name_and_password,
      fields: [
        {
          id: 'userName',
          label: m.user_name,
          secret: false,
          identity: true,
          // BASIC joins user name and password with a colon, and the server splits them at the first colon.
          problem: (value) => (value.includes(':') ? m.user_name_has_colon() : undefined),
        },
        { id: 'password', label: m.password, secret: true, exact: true },
      ],
      refusedField: 'password',
    },
    keyMethod('api-key', m.api_key, 'apiKey', m.api_key_hint),
    keyMethod('email-token', m.email_token, 'emailToken', m.email_token_hint),
  ],
  readAddress,
  connect: (target, services) => new NexusIcClient(target, services),
  apiBase: baseUrl,
  copyFormats,
  explorer,
};
