/**
 * The REST interface of IC-Web (`icweb.dll`), documented at docs.nexusic.com, `ic-web.rest.*`, versions 6.3 to 6.9.
 * "Public clients" marks facts that are known only from published client code.
 */
import * as v from 'valibot';
import { m } from '../../messages/index.ts';
import { failed, success } from '../../result.ts';
import { withoutValue, type Failure, type Outcome } from '../failure.ts';
import { send, type Answer } from '../http.ts';
import { misfit, readJson } from '../json.ts';
import { unreachable } from '../network-error.ts';
import type {
  LoginContext,
  Client,
  Fact,
  FieldValues,
  Services,
  LoggedIn,
  Target,
  Verified,
} from '../system.ts';
import { baseUrl, baseUrls } from './address.ts';

const EXPECTED = { system: 'NEXUS IC', check: m.check_server_address };

/** 6.9, `security.login`. `allowPasswordChange` came with 6.6. `name` came with 6.8, and is absent if it is blank. */
const SecurityHash = v.object({
  hash: v.pipe(v.string(), v.minLength(1)),
  id: v.number(),
  username: v.string(),
  license: v.string(),
  allowPasswordChange: v.optional(v.boolean()),
  // The documentation says Boolean, but describes a full name.
  name: v.nullish(v.union([v.string(), v.boolean()])),
});

/** Known only from public clients, so the types are tolerant. */
const Version = v.object({
  version: v.union([v.string(), v.number()]),
  schema: v.nullish(v.union([v.string(), v.number()])),
});
type Version = v.InferOutput<typeof Version>;

export class NexusIcClient implements Client {
  readonly #target: Target;
  readonly #services: Services;

  constructor(target: Target, services: Services) {
    this.#target = target;
    this.#services = services;
  }

  /**
   * `{base}/security/login`. A 404 or 405 means that the server has not checked the credentials. Only then try the other verb,
   * and only after 404 the other base URL.
   */
  async logIn(values: FieldValues, { signal }: LoginContext): Promise<Outcome<LoggedIn>> {
    const { methodId, address, learned } = this.#target;
    const headers = { Authorization: authorization(methodId, values) };
    const bases = baseUrls(this.#target);
    // POST in 6.9, GET in 6.3 to 6.8.
    const verbs =
      learned['verb'] === 'GET' ? (['GET', 'POST'] as const) : (['POST', 'GET'] as const);
    for (const base of bases) {
      const statuses: number[] = [];
      for (const verb of verbs) {
        const request = { url: `${base}/security/login`, method: verb, headers };
        const sent = await send(request, this.#services, signal);
        if (!sent.ok) return sent;
        if (![404, 405].includes(sent.value.status)) {
          const login = readLogin(sent.value, methodId);
          return login.ok ? success({ ...login.value, learned: { base, verb } }) : login;
        }
        statuses.push(sent.value.status);
      }
      // IIS may answer a POST to a missing path with 405, so one 404 is enough to try the next base URL.
      if (!statuses.includes(404)) break;
    }
    const { host } = new URL(address);
    if (bases.includes(learned['base'] ?? '')) return failed(missing(host));
    return failed({
      kind: 'unexpected',
      message: m.no_nexus_here({ host }),
    });
  }

  /**
   * `version` without a hash returns the version, or 401, which IIS may turn into a page. IC-Web answers 404 for an invalid hash,
   * and IIS answers 404 while IC-Web is being replaced. A login without credentials shows which of them answers: IC-Web says 401.
   */
  async identify(signal: AbortSignal): Promise<Outcome<void>> {
    const { address, learned } = this.#target;
    const [likeliest, ...others] = baseUrls(this.#target);
    // Before the first sign-in, either base URL may be right.
    const bases = likeliest === learned['base'] ? [likeliest] : [likeliest!, ...others];
    for (const base of bases) {
      const sent = await this.#send('version', 'GET', signal, base);
      if (!sent.ok || sent.value.status === 401) return withoutValue(sent);
      if (sent.value.status !== 404) return withoutValue(readJson(sent.value, Version, EXPECTED));
      const method = learned['verb'] === 'GET' ? 'GET' : 'POST';
      const login = await this.#send('security/login', method, signal, base);
      if (!login.ok || login.value.status === 401) return withoutValue(login);
    }
    return failed(missing(new URL(address).host));
  }

  async keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>> {
    return withoutValue(await this.#version(key, signal));
  }

  async verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>> {
    const read = await this.#version(key, signal);
    if (!read.ok) return read;
    const { version, schema } = read.value;
    const facts = [{ label: 'Server version', value: String(version) }];
    if (schema != null) facts.push({ label: 'Schema', value: String(schema) });
    return success({ facts });
  }

  /** `{base}/security/logout?hash=…`: 200, or 404 for an invalid hash. */
  async logOut(key: string, signal: AbortSignal): Promise<Outcome<void>> {
    const sent = await this.#get('security/logout', signal, key);
    if (!sent.ok) return sent;
    const { status } = sent.value;
    return [200, 401, 404].includes(status)
      ? success(undefined)
      : failed(misfit(sent.value, `HTTP ${status}`, EXPECTED));
  }

  /** `{base}/version?hash=…`: the cheapest call with a hash (public clients). Each use extends the hash by 60 minutes. */
  async #version(key: string, signal: AbortSignal): Promise<Outcome<Version>> {
    const sent = await this.#get('version', signal, key);
    if (!sent.ok) return sent;
    const { status, host } = sent.value;
    if (status === 401 || status === 404) {
      return failed({ kind: 'expired', message: m.session_on_host_expired({ host }) });
    }
    return readJson(sent.value, Version, EXPECTED);
  }

  #get(path: string, signal: AbortSignal, key: string): Promise<Outcome<Answer>> {
    return this.#send(`${path}?hash=${encodeURIComponent(key)}`, 'GET', signal);
  }

  #send(
    path: string,
    method: 'GET' | 'POST',
    signal: AbortSignal,
    base = baseUrl(this.#target),
  ): Promise<Outcome<Answer>> {
    return send({ url: `${base}/${path}`, method, headers: {} }, this.#services, signal);
  }
}

/** `Authorization: {type} {value}`, the value in base 64 (6.9, `security.login`). Non-ASCII text is UTF-8. */
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

function readLogin(answer: Answer, methodId: string): Outcome<Omit<LoggedIn, 'learned'>> {
  if (answer.status === 401) {
    const refused = REFUSED[methodId] ?? m.refused_password;
    const { host } = answer;
    return failed({ kind: 'refused', message: refused({ host }), host });
  }
  const login = readJson(answer, SecurityHash, EXPECTED);
  if (!login.ok) return login;
  const { hash, id, username, license, allowPasswordChange, name } = login.value;
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

const REFUSED: Readonly<Record<string, (inputs: { host: string }) => string>> = {
  password: m.refused_password,
  'api-key': m.refused_api_key,
  'email-token': m.refused_email_token,
};

const LICENSES: Readonly<Record<string, string>> = { write: 'Write', readonly: 'Read only' };

/** IIS answers 404 while the web application is being replaced. */
const missing = (host: string): Failure =>
  unreachable(host, 'server-error', m.nexus_does_not_respond({ host }));
