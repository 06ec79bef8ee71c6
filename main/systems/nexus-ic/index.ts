import type { System } from '../system.ts';
import { readAddress } from './address.ts';
import { NexusIcClient } from './client.ts';

const secretField = (id: string, label: string, hint: string) => ({
  id,
  label,
  secret: true,
  hint,
});

/** NEXUS IC (Wood), through the REST interface of its web server, IC-Web. */
export const nexusIc: System = {
  id: 'nexus-ic',
  name: 'NEXUS IC',
  addressExample: 'nexus.example.com',
  keepAlive: {
    // IC-Web logs everyone out after 10 minutes in which nobody used it, unless its administrator changed that (6.9's technical
    // specification).
    serverMinutes: 8,
    // A hash expires 60 minutes after its last use (security.login).
    sessionMinutes: 30,
    expiryMinutes: 60,
  },
  methods: [
    {
      id: 'password',
      label: 'User name and password',
      fields: [
        {
          id: 'userName',
          label: 'User name',
          secret: false,
          // BASIC joins the two by the first colon, so a user name with one would be read as another's.
          problem: (value) =>
            value.includes(':') ? 'A user name cannot have a colon (:) in it.' : undefined,
        },
        { id: 'password', label: 'Password', secret: true, exact: true },
      ],
    },
    {
      id: 'api-key',
      label: 'API key',
      fields: [secretField('apiKey', 'API key', 'In NEXUS IC: Database, Security, User, Login.')],
    },
    {
      id: 'email-token',
      label: 'Email token',
      fields: [secretField('emailToken', 'Email token', 'From the e-mail that NEXUS IC sent you.')],
    },
  ],
  readAddress,
  connect: (target, services) => new NexusIcClient(target, services),
};
