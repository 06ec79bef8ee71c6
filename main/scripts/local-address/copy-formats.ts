/** The local address in the formats of other programs. Each text is as secret as the address. */
import type { KeylessFormat } from '../../bridge/copy-key.ts';
import { m } from '../../messages/index.ts';
import {
  quoteEntries,
  quoteForPowerQuery,
  quoteForPowerShell,
  quoteForPython,
  quoteForShell,
} from '../../systems/quote.ts';
import type { ExampleCall } from '../../systems/system.ts';

/** @param name the account's name */
export function localFormats(
  address: string,
  name: string,
  example: ExampleCall,
): readonly KeylessFormat[] {
  const query = new URLSearchParams(example.query).toString();
  const url = `${address}/${example.path}${query === '' ? '' : `?${query}`}`;
  return [
    { id: 'local-address', label: m.local_address, text: address },
    {
      id: 'local-power-query',
      label: () => m.local_address_for({ program: 'Power Query' }),
      text: powerQuery(address, example),
    },
    {
      id: 'local-postman',
      label: () => m.local_address_for({ program: 'Postman' }),
      text: postman(address, name, example),
    },
    { id: 'local-curl', label: () => m.local_address_for({ program: 'curl' }), text: curl(url) },
    {
      id: 'local-python',
      label: () => m.local_address_for({ program: 'Python' }),
      text: python(`${address}/${example.path}`, example),
    },
    {
      id: 'local-powershell',
      label: () => m.local_address_for({ program: 'PowerShell' }),
      text: `(Invoke-RestMethod -Uri ${quoteForPowerShell(url)}).${example.listName}`,
    },
  ];
}

/** Passes the address on stdin, because other users of this computer can read argument lists. Works in sh and cmd. */
const curl = (url: string) =>
  `echo url = ${quoteForShell(url)} | curl --silent --show-error --noproxy ${quoteForShell('127.0.0.1')} --config -`;

const python = (url: string, { query, listName }: ExampleCall) => `import requests

session = requests.Session()
session.trust_env = False  # no proxy on the way to this computer
answer = session.get(${quoteForPython(url)}, params={${quoteEntries(query, quoteForPython, ': ')}})
answer.raise_for_status()
print(answer.json()[${quoteForPython(listName)}])
`;

/** Microsoft recommends RelativePath and Query, because Power BI can refresh a source only if the first argument is constant. */
const powerQuery = (address: string, { path, query, listName }: ExampleCall) => `let
    Answer = Json.Document(
        Web.Contents(
            ${quoteForPowerQuery(address)},
            [
                RelativePath = ${quoteForPowerQuery(path)},
                Query = [${quoteEntries(query, quoteForPowerQuery, ' = ', (name) => name)}]
            ]
        )
    ),
    Rows = Table.FromRecords(Answer[${listName}], null, MissingField.UseNull)
in
    Rows
`;

/** Collection format 2.1. The address is a variable, so the user pastes a new address only once. */
function postman(address: string, name: string, { path, query }: ExampleCall): string {
  const parameters = Object.entries(query).map(([key, value]) => ({ key, value }));
  const search = parameters.map(({ key, value }) => `${key}=${value}`).join('&');
  const collection = {
    info: {
      name: `${name} (Keyvigil)`,
      schema: 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json',
    },
    variable: [{ key: 'address', value: address }],
    item: [
      {
        name: path,
        request: {
          method: 'GET',
          url: {
            raw: `{{address}}/${path}${search === '' ? '' : `?${search}`}`,
            host: ['{{address}}'],
            path: path.split('/'),
            query: parameters,
          },
        },
      },
    ],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}
