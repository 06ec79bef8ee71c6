/**
 * The web API of RIB CX, documented in the vendor's public knowledge base (space cxKB, "Logging In"). "Public clients" below means
 * what is known from published client code only.
 */
import * as v from 'valibot';
import { acquireToken } from '../entra/sign-in.ts';
import { failed, success, type Failure, type Outcome } from '../failure.ts';
import { pageInstead, readJson, send, whileAlive, type Answer } from '../http.ts';
import { redact } from '../redact.ts';
import type {
  Attempt,
  Client,
  CopyFormat,
  FieldValues,
  Services,
  SignedIn,
  Target,
  Verified,
} from '../system.ts';

/** The resource that an access token must be for ("Logging In"); `/.default` asks for what the registration was granted. */
const SCOPE = '52e5f8a4-8b0e-455f-9df4-5beb7c37dd18/.default';

/** Requests without a browser-like one do not pass the web application firewall. */
const USER_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Keyvigil';

/** An object with `Key` is documented; the rest of it, and that it may be a bare text, public clients know. */
const Login = v.union([
  v.pipe(v.string(), v.minLength(1)),
  v.object({
    Key: v.nullish(v.string()),
    IsSuccess: v.nullish(v.boolean()),
    ErrorMessages: v.nullish(v.array(v.string())),
    Message: v.nullish(v.string()),
  }),
]);

/** Public clients. */
const Projects = v.object({
  Items: v.array(v.object({ Name: v.nullish(v.string()) })),
  NextPageLink: v.nullish(v.string()),
  Count: v.nullish(v.number()),
});
type Projects = v.InferOutput<typeof Projects>;

const PAGE_SIZE = 100;
const MOST_PROJECTS = 500;

export class RibCxClient implements Client {
  readonly #target: Target;
  readonly #services: Services;

  constructor(target: Target, services: Services) {
    this.#target = target;
    this.#services = services;
  }

  signIn(values: FieldValues, attempt: Attempt): Promise<Outcome<SignedIn>> {
    switch (this.#target.methodId) {
      case 'password':
        return this.#signInByEmail(values, attempt);
      case 'microsoft':
        return this.#signInByMicrosoft(values, attempt);
      default:
        throw new Error(`RIB CX has no method “${this.#target.methodId}”.`);
    }
  }

  async keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>> {
    const page = await this.#projects(key, 0, 1, signal);
    return page.ok ? success(undefined) : page;
  }

  async verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>> {
    const items: string[] = [];
    let count: number | null | undefined;
    let isLast = false;
    while (!isLast && items.length < MOST_PROJECTS) {
      const page = await this.#projects(key, items.length, PAGE_SIZE, signal);
      if (!page.ok) return page;
      const { Items, NextPageLink, Count } = page.value;
      items.push(...Items.map(({ Name }) => Name ?? 'Without a name'));
      count = Count;
      // The link itself is not followed: it is the server's word for where to send a key.
      isLast = Items.length === 0 || !NextPageLink;
    }
    return success({
      facts:
        count != null && count > MOST_PROJECTS
          ? [{ label: 'Projects in all', value: String(count) }]
          : [],
      listing: { label: 'Projects', items: items.slice(0, MOST_PROJECTS) },
    });
  }

  /** No log-out is documented: the session ends by itself. */
  signOut(): Promise<Outcome<void>> {
    return Promise.resolve(success(undefined));
  }

  copyFormats(): readonly CopyFormat[] {
    const url = `${this.#base()}/Api/Project/Get?skip=0&take=10`;
    return [
      { id: 'header', label: 'Request header', text: (key) => `key: ${key}` },
      {
        id: 'curl',
        label: 'curl command',
        text: (key) => `curl -A "Mozilla/5.0" -H "key: ${key}" "${url}"`,
      },
      {
        id: 'powershell',
        label: 'PowerShell command',
        text: (key) =>
          `Invoke-RestMethod -UserAgent 'Mozilla/5.0' -Headers @{ key = '${key}' } -Uri '${url}'`,
      },
      {
        id: 'power-query',
        label: 'Power Query step',
        text: (key) =>
          `Json.Document(Web.Contents("${url}", [Headers = [key = "${key}", #"User-Agent" = "Mozilla/5.0"]]))`,
      },
    ];
  }

  explorer() {
    const own = this.#target.values['explorerAddress'];
    return { address: own ?? `${this.#base()}/api/help/index`, pasteKey: true };
  }

  async #signInByEmail(values: FieldValues, attempt: Attempt): Promise<Outcome<SignedIn>> {
    const { email = '', password = '', encryptedPassword: held = '' } = values;
    const encrypted = await (password === ''
      ? success(held)
      : this.#encrypt(password, attempt.signal));
    if (!encrypted.ok) return encrypted;
    const login = await this.#login(
      'ByEmail',
      { 'Content-Type': 'application/json' },
      JSON.stringify({ Email: email, EncryptedPassword: encrypted.value }),
      attempt.signal,
    );
    // What the server accepted is all that is held: the password itself is needed no more.
    if (login.ok) await attempt.hold({ encryptedPassword: encrypted.value });
    return login.ok ? signedIn(login.value, email) : login;
  }

  async #signInByMicrosoft(values: FieldValues, attempt: Attempt): Promise<Outcome<SignedIn>> {
    const token = await acquireToken(values, SCOPE, this.#services, attempt);
    if (!token.ok) return token;
    const { accessToken, userName } = token.value;
    const login = await this.#login(
      'ByUserToken',
      // The current pages name the first, the seed the second; both together satisfy both.
      { Authorization: `Bearer ${accessToken}`, Bearer: accessToken },
      '',
      attempt.signal,
    );
    return login.ok ? signedIn(login.value, userName) : login;
  }

  /** `Login/EncryptPassword`: the operation is documented, its body known from public clients, which also saw it answer null. */
  async #encrypt(password: string, signal: AbortSignal): Promise<Outcome<string>> {
    const url = `${this.#base()}/Api/Login/EncryptPassword`;
    const sent = await this.#send(
      'POST',
      url,
      { 'Content-Type': 'application/json' },
      signal,
      JSON.stringify({ Password: password }),
    );
    if (!sent.ok) return sent;
    if (sent.value.isPage) return failed(pageInstead(url));
    if (sent.value.status !== 200) return failed(odd(sent.value));
    return readJson(sent.value, v.pipe(v.string(), v.minLength(1)), 'the encrypted password');
  }

  async #login(
    operation: 'ByEmail' | 'ByUserToken',
    headers: Readonly<Record<string, string>>,
    body: string,
    signal: AbortSignal,
  ): Promise<Outcome<string>> {
    const url = `${this.#base()}/Api/Login/${operation}`;
    const sent = await this.#send('POST', url, headers, signal, body);
    return sent.ok ? readLogin(sent.value, url, operation) : sent;
  }

  async #projects(
    key: string,
    skip: number,
    take: number,
    signal: AbortSignal,
  ): Promise<Outcome<Projects>> {
    const timestamp = this.#services.clock.wall();
    const url = `${this.#base()}/Api/Project/Get?skip=${skip}&take=${take}&timestamp=${timestamp}`;
    // An expired session can also come back as a page with status 200 (public clients).
    const answer = whileAlive(await this.#send('GET', url, { key }, signal), [401]);
    if (!answer.ok) return answer;
    return answer.value.status === 200
      ? readJson(answer.value, Projects, 'the list of projects')
      : failed(odd(answer.value));
  }

  #send(
    method: 'GET' | 'POST',
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    body?: string,
  ): Promise<Outcome<Answer>> {
    const all = { ...headers, 'User-Agent': USER_AGENT };
    return send(
      { url, method, headers: all, ...(body !== undefined && { body }) },
      this.#services,
      signal,
    );
  }

  /** `https://HOST/api/{version}`: hosts and versions differ between customers. */
  #base(): string {
    const { address, values } = this.#target;
    return `${address}/api/${values['apiVersion'] ?? 'latest'}`;
  }
}

const signedIn = (key: string, userName: string): Outcome<SignedIn> =>
  success({ key, facts: [{ label: 'User name', value: userName }], learned: {} });

function readLogin(answer: Answer, url: string, operation: string): Outcome<string> {
  const { status, isPage } = answer;
  const what = operation === 'ByEmail' ? 'email and password' : 'Microsoft account';
  if (status === 401) return failed(refused(`RIB CX refused this ${what}.`));
  if (isPage) return failed(pageInstead(url));
  if (status !== 200) return failed(odd(answer));
  const read = readJson(answer, Login, 'the sign-in');
  if (!read.ok) return read;
  if (typeof read.value === 'string') return success(read.value);
  const { Key, IsSuccess, ErrorMessages, Message } = read.value;
  if (IsSuccess === false) {
    const told = [...(ErrorMessages ?? []), ...(Message ? [Message] : [])].join(' ');
    return failed(refused(`RIB CX refused this ${what}${told ? `: ${redact(told)}` : '.'}`));
  }
  if (!Key) {
    const message = 'RIB CX answered the sign-in without a session key.';
    return failed({ kind: 'unexpected', message });
  }
  return success(Key);
}

const refused = (message: string): Failure => ({
  kind: 'refused',
  message: `${message} Keyvigil won’t try again by itself.`,
});

const odd = ({ status }: Answer): Failure => ({
  kind: 'unexpected',
  message: `The server answered in a way that RIB CX is not known to (HTTP ${status}). Check address and API version.`,
});
