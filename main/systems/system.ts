/**
 * What every system offers. docs/adding-a-system.md shows how to add one: a folder beside this file, and a line in `index.ts`.
 */
import type { Clock } from '../clock.ts';
import type { Result } from '../result.ts';
import type { Outcome } from './failure.ts';

export interface System {
  /** Stored with every account of this system; never shown. */
  readonly id: string;
  /** The name that users see, such as "NEXUS IC". */
  readonly name: string;
  /** The first method is preselected. */
  readonly methods: readonly Method[];
  /** Placeholder of the address field. */
  readonly addressExample: string;
  /** If a typed address contains this text, it belongs to this system. */
  readonly addressMark: string;
  readonly keepAliveRhythm: KeepAliveRhythm;

  /** Reads a server address as people type it. An account stores the value; the error is for the user. */
  readAddress(typed: string): Result<string, string>;
  /** How a request carries the session key. */
  readonly keyParameter: KeyParameter;
  /** The beginnings of the paths that sign in or out, in small letters. Programs may not request these paths through Keyvigil. */
  readonly signInPaths: readonly string[];
  /** A request that every user may send, for the examples of *Copy as …*. */
  readonly exampleCall: ExampleCall;

  connect(target: Target, services: Services): Client;
  /** The API's base address, without a slash at its end. Needs no network. */
  apiBase(target: Target): string;
  /** What *Copy as …* offers other than the key itself. Needs no network. */
  copyFormats(target: Target): readonly CopyFormat[];
  /** Where the API can be tried out. Needs no network. */
  explorer(target: Target): Explorer;
}

export interface KeyParameter {
  readonly in: 'header' | 'query';
  readonly name: string;
  /** Other headers that every request needs. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses other than 401 that may mean an expired session. */
  readonly expiredStatuses?: readonly number[];
}

export interface ExampleCall {
  /** Below the API's base, without a slash at its start. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The property of the answer that is a list of records. */
  readonly listName: string;
}

/** How often a session must be used so that it stays alive, in minutes. */
export interface KeepAliveRhythm {
  /** How often the server needs a request from any session. For servers that end all sessions when nobody uses them. */
  readonly serverMinutes?: number;
  /** How often each session needs its own request. */
  readonly sessionMinutes: number;
  /** A session that was unused for this long has expired. Set only if documented. */
  readonly expiryMinutes?: number;
}

/** One way to sign in, with its fields. Texts are functions, because the language may change. */
export interface Method {
  readonly id: string;
  readonly label: () => string;
  readonly fields: readonly Field[];
  /** The field beside which a refused login is shown. Absent if any field may be wrong. */
  readonly refusedField?: string;
  /** Whether the stored values allow a login without the user. By default, every required field must have a value. */
  canRenew?(stored: FieldValues): boolean;
  /**
   * The host that the user must trust before this method may sign in at `address`; undefined if none. When the user confirms,
   * the account stores the host as the value `trustedHost`.
   */
  hostToTrust?(address: string): string | undefined;
  /** Refused logins never lock the account on the server. So a login may be repeated if its answer was lost. */
  readonly neverLocks?: true;
  /** The stored values that a sign-out deletes, because anybody could use them to sign in without a password. */
  readonly signOutForgets?: readonly string[];
}

export interface Field {
  readonly id: string;
  /** The accessible name of the input. */
  readonly label: () => string;
  /** Secrets are stored in the vault only, and never go back to the renderer. */
  readonly secret: boolean;
  /** Keep blanks at both ends. Other fields are trimmed. */
  readonly exact?: boolean;
  readonly hint?: () => string;
  /** The value in a new account. */
  readonly initial?: string;
  /** Stored secrets belong to this value. If the value changes, the user must type the secrets again. */
  readonly identity?: true;
  /** The choices, if there are only a few. */
  readonly options?: readonly { readonly id: string; readonly label: () => string }[];
  readonly optional?: boolean;
  /** Shown under *More options*. */
  readonly advanced?: boolean;
  /** Only Keyvigil uses the value, so changing it needs no new login. */
  readonly localOnly?: true;
  /** The field counts only when another field has this value. */
  readonly onlyWith?: { readonly field: string; readonly value: string };
  /** A sign-in stores a safer form of the typed value under this id, such as the encrypted password. */
  readonly storedAs?: string;
  /** *Copy as …* offers the value under `storedAs`, after a warning. */
  readonly storedFormat?: { readonly label: () => string; readonly warning: () => string };
  /** What is wrong with a value, and what to do, in a sentence; undefined if nothing is wrong. Never called for an empty value. */
  problem?(value: string): string | undefined;
}

/** Values of fields, by the field's id. */
export type FieldValues = Readonly<Record<string, string>>;

/** A server, and how to sign in to it. */
export interface Target {
  /** The result of `readAddress`. */
  readonly address: string;
  readonly methodId: string;
  /** The account's fields that are not secret. */
  readonly values: FieldValues;
  /** What the last sign-in found out about this server (`LoggedIn.learned`). Nothing secret. */
  readonly learned: FieldValues;
}

export interface Services {
  readonly fetch: Fetch;
  /**
   * Runs `request` when the server of `url` may get another request.
   * @throws the signal's reason if the signal aborts before that
   */
  readonly limit: <T>(url: string, signal: AbortSignal, request: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  /** How long one request may take, in milliseconds. */
  readonly timeLimitMs: number;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Sends requests to one server for one account. Keeps no state between calls. */
export interface Client {
  /**
   * Logs in. Must not repeat a login that the server refused.
   * @param values all fields, and what earlier sign-ins stored
   */
  logIn(values: FieldValues, login: LoginContext): Promise<Outcome<LoggedIn>>;
  /** Checks, without sending key or credentials, that the server is this system and not, for example, a captive portal. */
  identify(signal: AbortSignal): Promise<Outcome<void>>;
  /** The small request that verifies and extends a session. */
  keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>>;
  /** For *Verify now*: like `keepAlive`, and also reads facts about the server. */
  verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>>;
  /** Ends the session on the server. An expired session counts as success. */
  logOut(key: string, signal: AbortSignal): Promise<Outcome<void>>;
}

export interface LoginContext {
  readonly signal: AbortSignal;
  /** Asks the user. Absent in a silent login, which must not open anything. */
  readonly user?: Interaction;
  /** Stores these secret values instead of the earlier ones, even if the login fails later. */
  replaceSecrets(values: FieldValues): Promise<void>;
}

/** What a sign-in can ask its user to do. A question stays on screen until the sign-in ends or asks another question. */
export interface Interaction {
  /** @param signal aborts when the sign-in is cancelled, or with a `TimeoutError` when the user takes too long */
  openBrowser(url: string, expiresAt: number, signal: AbortSignal): Promise<void>;
  /**
   * Opens a page in a window of Keyvigil. Resolves with the address that leads back to `returnUrl`, without requesting it, or
   * with undefined if the user closed the window.
   */
  openWindow(
    url: string,
    returnUrl: string,
    expiresAt: number,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Shows a code that the user types at `address`. */
  showCode(code: string, address: string, expiresAt: number, signal: AbortSignal): void;
}

export interface LoggedIn {
  readonly key: string;
  /** What the server said about the user; shown in the details. */
  readonly facts: readonly Fact[];
  /** What this sign-in found out about the server. Later requests get it as `Target.learned`. */
  readonly learned: FieldValues;
}

export interface Verified {
  readonly facts: readonly Fact[];
  /** What the key can read, for the details: the projects of RIB CX. */
  readonly listing?: Listing;
}

export interface Listing {
  readonly label: () => string;
  readonly items: readonly string[];
}

/** Stored in English. `factWords` in `facts.ts` returns the words for the screen. */
export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface CopyFormat {
  readonly id: string;
  readonly label: () => string;
  text(key: string): string;
}

export interface Explorer {
  /** Never contains the session key. */
  readonly address: string;
  /** The user must paste the key there. */
  readonly mustPasteKey: boolean;
}
