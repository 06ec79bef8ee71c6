/** What *Copy as …* offers for every system. */
import { m } from '../messages/index.ts';
import { quoteEntries, quoteForPowerQuery, quoteForPython } from './quote.ts';
import type { CopyFormat, System, Target } from './system.ts';

/** All formats that contain the account's key. */
export function keyFormats(system: System, target: Target): readonly CopyFormat[] {
  const own = system.copyFormats(target);
  const general: readonly CopyFormat[] = [
    { id: 'python', label: m.python_lines, text: (key) => python(toCall(system, target, key)) },
    {
      id: 'power-query',
      label: m.power_query_step,
      text: (key) => powerQuery(toCall(system, target, key)),
    },
    {
      id: 'postman-environment',
      label: m.postman_environment,
      text: (key) => postmanEnvironment(system, target, key),
    },
    { id: 'json', label: m.json, text: (key) => json(system, target, key) },
  ];
  return [...own, ...general];
}

interface Call {
  readonly base: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly listName: string;
}

function toCall(system: System, target: Target, key: string): Call {
  const { path, query, listName } = system.exampleCall;
  const carried = carry(system, key);
  return {
    base: system.apiBase(target),
    path,
    query: { ...query, ...carried.query },
    headers: carried.headers,
    listName,
  };
}

/** The part of a request that carries the key. */
function carry({ keyParameter: { in: place, name, headers } }: System, key: string) {
  const parameter = { [name]: key };
  return place === 'query'
    ? { query: parameter, headers: { ...headers } }
    : { query: {}, headers: { ...headers, ...parameter } };
}

const python = ({ base, path, query, headers, listName }: Call) => `import requests

answer = requests.get(
    ${quoteForPython(`${base}/${path}`)},
    params={${quoteEntries(query, quoteForPython, ': ')}},
    headers={${quoteEntries(headers, quoteForPython, ': ')}},
)
answer.raise_for_status()
print(answer.json()[${quoteForPython(listName)}])
`;

const powerQuery = ({ base, path, query, headers }: Call) => `Json.Document(
    Web.Contents(
        ${quoteForPowerQuery(base)},
        [
            RelativePath = ${quoteForPowerQuery(path)},
            Query = [${quoteEntries(query, quoteForPowerQuery, ' = ', toPowerQueryName)}],
            Headers = [${quoteEntries(headers, quoteForPowerQuery, ' = ', toPowerQueryName)}]
        ]
    )
)
`;

const toPowerQueryName = (name: string) => `#${quoteForPowerQuery(name)}`;

/** Requests in Postman refer to these values as `{{address}}` and `{{key}}`. */
function postmanEnvironment(system: System, target: Target, key: string): string {
  const values = [
    { key: 'address', value: system.apiBase(target), type: 'default', enabled: true },
    { key: 'key', value: key, type: 'secret', enabled: true },
  ];
  return toText({
    name: `${system.name}, ${new URL(target.address).hostname} (Keyvigil)`,
    values,
    _postman_variable_scope: 'environment',
  });
}

/** Like the output of `keyvigil key --format json`, without the fields that only the command has. */
const json = (system: System, target: Target, key: string) =>
  toText({ url: system.apiBase(target), key, ...carry(system, key) });

const toText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
