/**
 * The REST interface of IC-Web (`icweb.dll`), documented at docs.nexusic.com, `ic-web.rest.*`, versions 6.3 to 6.9.
 * "Public clients" below means what is known from published client code only.
 */
import * as v from 'valibot';
import { failed, success, type Failure, type Outcome } from '../failure.ts';
import { pageInstead, readJson, send, whileAlive, type Answer } from '../http.ts';
import type {
  Attempt,
  Client,
  CopyFormat,
  Fact,
  FieldValues,
  Services,
  SignedIn,
  Target,
  Verified,
} from '../system.ts';
import { baseUrls } from './address.ts';

/** 6.9, `security.login`. `allowPasswordChange` came with 6.6, `name` with 6.8, where it is left out when blank. */
const SecurityHash = v.object({
  hash: v.pipe(v.string(), v.minLength(1)),
  id: v.number(),
  username: v.string(),
  license: v.string(),
  allowPasswordChange: v.optional(v.boolean()),
  // The page says Boolean, and describes a full name.
  name: v.nullish(v.union([v.string(), v.boolean()])),
});

/** Known from public clients only, and so read with tolerance. */
const Version = v.object({
  version: v.union([v.string(), v.number()]),
  schema: v.nullish(v.union([v.string(), v.number()])),
});

/** POST in 6.9, GET in 6.3 to 6.8. */
const LOGIN_VERBS = ['POST', 'GET'] as const;
type LoginVerb = (typeof LOGIN_VERBS)[number];

export class NexusIcClient implements Client {
  readonly #target: Target;
  readonly #services: Services;

  constructor(target: Target, services: Services) {
    this.#target = target;
    this.#services = services;
  }

  /**
   * `{base}/security/login`, tried as documented for 6.9 first. Only a 404 or 405, which says that nothing was there to check
   * the credentials, leads to the other verb, and only a 404 to the other base path.
   */
  async signIn(values: FieldValues, { signal }: Attempt): Promise<Outcome<SignedIn>> {
    const headers = { Authorization: authorization(this.#target.methodId, values) };
    for (const base of this.#bases()) {
      const statuses: number[] = [];
      for (const verb of this.#verbs()) {
        const url = `${base}/security/login`;
        const sent = await send({ url, method: verb, headers }, this.#services, signal);
        if (!sent.ok) return sent;
        if (![404, 405].includes(sent.value.status)) {
          const read = readLogin(sent.value, url, CREDENTIALS[this.#target.methodId] ?? 'login');
          return read.ok ? success({ ...read.value, learned: { base, verb } }) : read;
        }
        statuses.push(sent.value.status);
      }
      // IIS may answer a POST to a path that is not there with 405, so one 404 is enough to look elsewhere.
      if (!statuses.includes(404)) break;
    }
    const host = new URL(this.#target.address).host;
    if (this.#target.learned['base'] !== undefined) {
      // It was there before: IIS answers so while the application is being replaced. No credentials were looked at.
      return failed({
        kind: 'unreachable',
        host,
        reason: 'server-error',
        message: `NEXUS IC's web server is not to be found on ${host} just now.`,
      });
    }
    return failed({
      kind: 'unexpected',
      message: `${host} answers, but NEXUS IC's web server was not found there. Check the address: it often ends in icweb.dll.`,
    });
  }

  async keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>> {
    const version = await this.#version(key, signal);
    return version.ok ? success(undefined) : version;
  }

  async verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>> {
    const version = await this.#version(key, signal);
    if (!version.ok) return version;
    const { version: number, schema } = version.value;
    const facts = [{ label: 'Server version', value: String(number) }];
    if (schema != null) facts.push({ label: 'Schema', value: String(schema) });
    return success({ facts });
  }

  /** `{base}/security/logout?hash=…`: 200, or 404 for a hash that is not valid (any more). */
  async signOut(key: string, signal: AbortSignal): Promise<Outcome<void>> {
    const sent = await this.#get('security/logout', key, signal);
    if (!sent.ok) return sent;
    return [200, 401, 404].includes(sent.value.status)
      ? success(undefined)
      : failed(odd(sent.value));
  }

  copyFormats(): readonly CopyFormat[] {
    const url = (key: string) => this.#url('version', key);
    return [
      { id: 'query', label: 'Query parameter', text: (key) => `hash=${encodeURIComponent(key)}` },
      { id: 'url', label: 'Address of a call', text: url },
      { id: 'curl', label: 'curl command', text: (key) => `curl "${url(key)}"` },
      {
        id: 'powershell',
        label: 'PowerShell command',
        text: (key) => `Invoke-RestMethod -Uri '${url(key)}'`,
      },
    ];
  }

  explorer() {
    return { address: `${this.#base()}/version`, pasteKey: false };
  }

  /** `{base}/version?hash=…`: the cheapest call that uses a hash (public clients). Every use extends it by 60 minutes. */
  async #version(
    key: string,
    signal: AbortSignal,
  ): Promise<Outcome<v.InferOutput<typeof Version>>> {
    const answer = whileAlive(await this.#get('version', key, signal), [401, 404]);
    if (!answer.ok) return answer;
    return answer.value.status === 200
      ? readJson(answer.value, Version, 'the server’s version')
      : failed(odd(answer.value));
  }

  #get(path: string, key: string, signal: AbortSignal): Promise<Outcome<Answer>> {
    return send({ url: this.#url(path, key), method: 'GET', headers: {} }, this.#services, signal);
  }

  #url(path: string, key: string): string {
    return `${this.#base()}/${path}?hash=${encodeURIComponent(key)}`;
  }

  #base(): string {
    return this.#bases()[0]!;
  }

  #bases(): string[] {
    return baseUrls(this.#target.address, this.#target.learned['base']);
  }

  #verbs(): readonly LoginVerb[] {
    return this.#target.learned['verb'] === 'GET' ? ['GET', 'POST'] : LOGIN_VERBS;
  }
}

/** `Authorization: {type} {value}`, the value in base 64; 6.9, `security.login`. Text is UTF-8 before that. */
function authorization(methodId: string, values: FieldValues): string {
  const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64');
  switch (methodId) {
    case 'password':
      return `BASIC ${encode(`${values['userName'] ?? ''}:${values['password'] ?? ''}`)}`;
    case 'api-key':
      return `APIKEY ${encode(values['apiKey'] ?? '')}`;
    case 'email-token':
      return `TOKEN ${encode(values['emailToken'] ?? '')}`;
    default:
      throw new Error(`NEXUS IC has no method “${methodId}”.`);
  }
}

function readLogin(
  answer: Answer,
  url: string,
  credentials: string,
): Outcome<Omit<SignedIn, 'learned'>> {
  if (answer.status === 401) {
    return failed({
      kind: 'refused',
      message: `The server refused this ${credentials}. Keyvigil won’t try again by itself.`,
    });
  }
  if (answer.isPage) return failed(pageInstead(url));
  if (answer.status !== 200) return failed(odd(answer));
  const session = readJson(answer, SecurityHash, 'the sign-in');
  if (!session.ok) return session;
  const { hash, id, username, license, allowPasswordChange, name } = session.value;
  const facts: Fact[] = [
    { label: 'User name', value: username },
    { label: 'User number', value: String(id) },
    { label: 'License', value: LICENSES[license] ?? license },
  ];
  if (typeof name === 'string' && name !== '') facts.unshift({ label: 'Full name', value: name });
  if (allowPasswordChange !== undefined) {
    facts.push({ label: 'May change the password', value: allowPasswordChange ? 'Yes' : 'No' });
  }
  return success({ key: hash, facts });
}

const CREDENTIALS: Readonly<Record<string, string>> = {
  password: 'user name and password',
  'api-key': 'API key',
  'email-token': 'email token',
};

const LICENSES: Readonly<Record<string, string>> = { write: 'Write', readonly: 'Read only' };

const odd = ({ status }: Answer): Failure => ({
  kind: 'unexpected',
  message: `The server answered in a way that NEXUS IC is not known to (HTTP ${status}).`,
});
