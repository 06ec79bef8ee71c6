/**
 * The web API of RIB CX, documented in the vendor's public knowledge base (space cxKB, "Logging In").
 * "Public clients" marks facts that are known only from published client code.
 */
import * as v from 'valibot';
import { cutText } from '../../cut-text.ts';
import { TRUSTED_HOST } from '../../limits.ts';
import { m } from '../../messages/index.ts';
import { failed, success } from '../../result.ts';
import { acquireToken } from '../entra/sign-in.ts';
import { withoutValue, type Failure, type Outcome } from '../failure.ts';
import { send, type Answer, type Request } from '../http.ts';
import { misfit, parseJson, readJson } from '../json.ts';
import { redact } from '../redact.ts';
import type {
  LoginContext,
  Client,
  FieldValues,
  Services,
  LoggedIn,
  Target,
  Verified,
} from '../system.ts';
import { apiUrl, hostToTrust } from './address.ts';

const EXPECTED = { system: 'RIB CX', check: m.check_address_and_version };

/** The resource that an access token must be for ("Logging In"). `/.default` requests what the registration was granted. */
const SCOPE = '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18/.default';

/** The web application firewall accepts only browsers. */
export const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Keyvigil';

const JSON_BODY = { 'Content-Type': 'application/json' };

/** An object with `Key` is documented. The other fields, and a plain text instead of the object, are from public clients. */
const Login = v.union([
  v.pipe(v.string(), v.minLength(1)),
  v.object({
    Key: v.nullish(v.string()),
    SessionKey: v.nullish(v.string()),
    IsSuccess: v.nullish(v.boolean()),
    ErrorMessages: v.nullish(v.array(v.string())),
    Message: v.nullish(v.string()),
  }),
]);

/** Known only from public clients. */
const Projects = v.object({
  Items: v.array(v.object({ Name: v.nullish(v.string()) })),
  NextPageLink: v.nullish(v.string()),
  Count: v.nullish(v.number()),
});
type Projects = v.InferOutput<typeof Projects>;

const PAGE_SIZE = 100;
const MAX_PROJECTS = 500;
const MAX_REASON_LENGTH = 300;

export class RibCxClient implements Client {
  readonly #target: Target;
  readonly #services: Services;

  constructor(target: Target, services: Services) {
    this.#target = target;
    this.#services = services;
  }

  logIn(values: FieldValues, login: LoginContext): Promise<Outcome<LoggedIn>> {
    switch (this.#target.methodId) {
      case 'password':
        return this.#logInByEmail(values, login);
      case 'microsoft':
        return this.#logInByMicrosoft(values, login);
      default:
        throw new Error(`RIB CX has no method “${this.#target.methodId}”.`);
    }
  }

  /** `EncryptPassword` needs no key. If an empty password gets any JSON answer, the server is RIB CX. */
  async identify(signal: AbortSignal): Promise<Outcome<void>> {
    const sent = await this.#encrypt('', signal);
    if (!sent.ok) return sent;
    const { status, body } = sent.value;
    const isRefusal = status >= 400 && typeof parseJson(body) === 'object';
    if (isRefusal) return success(undefined);
    return withoutValue(readJson(sent.value, v.nullable(v.string()), EXPECTED));
  }

  async keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>> {
    return withoutValue(await this.#projects(key, 0, 1, signal));
  }

  async verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>> {
    const items: string[] = [];
    let count: number | null | undefined;
    let isLast = false;
    while (!isLast && items.length < MAX_PROJECTS) {
      const page = await this.#projects(key, items.length, PAGE_SIZE, signal);
      if (!page.ok) return page;
      const { Items, NextPageLink, Count } = page.value;
      items.push(...Items.map(({ Name }) => Name ?? m.unnamed_project()));
      count = Count;
      // Never request the link itself, because a server could use it to send the key elsewhere.
      isLast = Items.length === 0 || !NextPageLink;
    }
    return success({
      facts:
        count != null && count > MAX_PROJECTS
          ? [{ label: 'Projects in all', value: String(count) }]
          : [],
      listing: { label: m.projects, items: items.slice(0, MAX_PROJECTS) },
    });
  }

  /** No log-out is documented. */
  logOut(): Promise<Outcome<void>> {
    return Promise.resolve(success(undefined));
  }

  async #logInByEmail(values: FieldValues, login: LoginContext): Promise<Outcome<LoggedIn>> {
    const { email = '', password = '', encryptedPassword: stored = '' } = values;
    const { signal } = login;
    const encrypted =
      password === '' ? success(stored) : await this.#encryptedPassword(password, signal);
    if (!encrypted.ok) return encrypted;
    const body = JSON.stringify({ Email: email, EncryptedPassword: encrypted.value });
    const sent = await this.#post('Api/Login/ByEmail', JSON_BODY, body, signal);
    const key = sent.ok ? readLogin(sent.value, 'email') : sent;
    if (!key.ok) return key;
    await login.replaceSecrets({ encryptedPassword: encrypted.value });
    return signedIn(key.value, email);
  }

  async #logInByMicrosoft(values: FieldValues, login: LoginContext): Promise<Outcome<LoggedIn>> {
    const host = hostToTrust(this.#target.address);
    if (host !== undefined && this.#target.values[TRUSTED_HOST] !== host) {
      return failed({ kind: 'refused', message: m.host_is_not_trusted({ host }) });
    }
    const token = await acquireToken(values, SCOPE, this.#services, login);
    if (!token.ok) return token;
    const { accessToken, userName } = token.value;
    // The current documentation names the first header, an older page the second. Send both.
    const headers = { Authorization: `Bearer ${accessToken}`, Bearer: accessToken };
    const sent = await this.#post('Api/Login/ByUserToken', headers, '', login.signal);
    const key = sent.ok ? readLogin(sent.value, 'microsoft') : sent;
    return key.ok ? signedIn(key.value, userName) : key;
  }

  /** Public clients also received `null`, which cannot be used. */
  async #encryptedPassword(password: string, signal: AbortSignal): Promise<Outcome<string>> {
    const sent = await this.#encrypt(password, signal);
    return sent.ok ? readJson(sent.value, v.pipe(v.string(), v.minLength(1)), EXPECTED) : sent;
  }

  /** `Login/EncryptPassword`: the operation is documented, its body is known only from public clients. */
  #encrypt(password: string, signal: AbortSignal): Promise<Outcome<Answer>> {
    const body = JSON.stringify({ Password: password });
    return this.#post('Api/Login/EncryptPassword', JSON_BODY, body, signal);
  }

  async #projects(
    key: string,
    skip: number,
    take: number,
    signal: AbortSignal,
  ): Promise<Outcome<Projects>> {
    const path = `Api/Project/Get?skip=${skip}&take=${take}`;
    const sent = await this.#send(path, { method: 'GET', headers: { key } }, signal);
    if (!sent.ok) return sent;
    const { status, host } = sent.value;
    if (status === 401) {
      return failed({ kind: 'expired', message: m.session_on_host_expired({ host }) });
    }
    return readJson(sent.value, Projects, EXPECTED);
  }

  #post(path: string, headers: Request['headers'], body: string, signal: AbortSignal) {
    return this.#send(path, { method: 'POST', headers, body }, signal);
  }

  #send(path: string, request: Omit<Request, 'url'>, signal: AbortSignal) {
    const url = `${apiUrl(this.#target)}/${path}`;
    const headers = { ...request.headers, 'User-Agent': USER_AGENT };
    return send({ ...request, url, headers }, this.#services, signal);
  }
}

const signedIn = (key: string, userName: string): Outcome<LoggedIn> =>
  success({ key, facts: [{ label: 'User name', value: userName }], learned: {} });

function readLogin(answer: Answer, method: keyof typeof REFUSED): Outcome<string> {
  const refused = (serverSaid?: string): Failure => ({
    kind: 'refused',
    message: REFUSED[method]({ host: answer.host }),
    host: answer.host,
    ...(serverSaid !== undefined && { serverSaid }),
  });
  if (answer.status === 401) return failed(refused());
  const login = readJson(answer, Login, EXPECTED);
  if (!login.ok) return login;
  if (typeof login.value === 'string') return success(login.value);
  const { Key, SessionKey, IsSuccess, ErrorMessages, Message } = login.value;
  if (IsSuccess === false) {
    const reasons = [...(ErrorMessages ?? []), ...(Message ? [Message] : [])].join(' ');
    return failed(
      refused(reasons === '' ? undefined : cutText(redact(reasons), MAX_REASON_LENGTH)),
    );
  }
  const key = Key || SessionKey;
  return key ? success(key) : failed(misfit(answer, m.missing_session_key(), EXPECTED));
}

const REFUSED = { email: m.refused_email, microsoft: m.refused_microsoft_account };
