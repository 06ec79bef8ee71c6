/**
 * What every system offers. docs/adding-a-system.md shows how to add one: a folder beside this file, and a line in `index.ts`.
 */
import type { Clock } from '../clock.ts';
import type { Result } from '../result.ts';
import type { Outcome } from './failure.ts';

export interface System {
  /** Stored with every account of this system; never shown. */
  readonly id: string;
  /** As users know it: "NEXUS IC". */
  readonly name: string;
  /** The first is preselected. */
  readonly methods: readonly Method[];
  /** Placeholder of the address field. */
  readonly addressExample: string;
  /** If a typed address contains this text, it belongs to this system. */
  readonly addressMark: string;
  readonly keepAlive: KeepAliveRhythm;

  /** Reads a server address as people type it. An account stores the value; the error is for the user. */
  readAddress(typed: string): Result<string, string>;
  /** How a request carries the session key. */
  readonly keyParameter: KeyParameter;
  /** Requests below the API's base that sign in or out, as they begin, in small letters: programs leave them to Keyvigil. */
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
  /** Beside 401, these may say that the session has expired. */
  readonly expiredStatuses?: readonly number[];
}

export interface ExampleCall {
  /** Below the API's base, without a slash at its start. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The property of the answer that is a list of records. */
  readonly listName: string;
}

/** How often a session must be used so that the server keeps it, in minutes. */
export interface KeepAliveRhythm {
  /** For servers that end all sessions when nobody uses the server: how often it needs a request from any session. */
  readonly serverMinutes?: number;
  /** How often each session needs a request of its own. */
  readonly sessionMinutes: number;
  /** A session unused for this long has expired. Only where that is documented. */
  readonly expiryMinutes?: number;
}

/** One way to sign in, and what the user must give for it. */
export interface Method {
  readonly id: string;
  readonly label: string;
  readonly fields: readonly Field[];
  /** The field beside which a refused login is shown. Absent if no field is more to blame than another. */
  readonly refusedField?: string;
  /** Whether the stored values allow a login without the user. Default: every field is filled. */
  canRenew?(stored: FieldValues): boolean;
  /**
   * The host that the user must trust before this method may sign in at `address`; undefined if none. The account stores the
   * user's word as the value `trustedHost`.
   */
  hostToTrust?(address: string): string | undefined;
  /** Refused logins lock no account, so one whose answer was lost may be repeated freely. */
  readonly neverLocks?: true;
  /** Stored values that signing out deletes, because they would sign anybody in again without a question. */
  readonly signOutForgets?: readonly string[];
}

export interface Field {
  readonly id: string;
  /** The accessible name of the input. */
  readonly label: string;
  /** Secrets are stored in the vault only, and never go back to the renderer. */
  readonly secret: boolean;
  /** Keep blanks at both ends. Other fields are trimmed. */
  readonly exact?: boolean;
  readonly hint?: string;
  /** The value of a new account. */
  readonly initial?: string;
  /** Stored secrets belong to this value. With another one, the user must type them again. */
  readonly identity?: true;
  /** The choices, if there are only a few. */
  readonly options?: readonly { readonly id: string; readonly label: string }[];
  readonly optional?: boolean;
  /** Shown under *More options*. */
  readonly advanced?: boolean;
  /** Only Keyvigil uses the value: changing it needs no new login. */
  readonly localOnly?: true;
  /** The field counts only when another field has this value. */
  readonly onlyWith?: { readonly field: string; readonly value: string };
  /** A sign-in stores something better under this id instead of what was typed, such as a password's encrypted form. */
  readonly storedAs?: string;
  /** *Copy as …* offers the better thing, and warns before. */
  readonly storedFormat?: { readonly label: string; readonly warning: string };
  /** What is wrong with a value, in a sentence that says what to do. Never called for an empty value. */
  problem?(value: string): string | undefined;
}

/** Values of fields, by the field's id. */
export type FieldValues = Readonly<Record<string, string>>;

/** The server and the way in. */
export interface Target {
  /** From `readAddress`. */
  readonly address: string;
  readonly methodId: string;
  /** The account's fields that are not secret. */
  readonly values: FieldValues;
  /** What an earlier sign-in learned about this server (`SignedIn.learned`). Nothing secret. */
  readonly learned: FieldValues;
}

export interface Services {
  readonly fetch: Fetch;
  /**
   * Runs `request` as soon as the server of `url` may get one more.
   * @throws the signal's reason if it aborts first
   */
  readonly limit: <T>(url: string, signal: AbortSignal, request: () => Promise<T>) => Promise<T>;
  readonly clock: Clock;
  /** How long one request may take, in milliseconds. */
  readonly timeLimitMs: number;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Talks to one server for one account. Keeps no state between calls. */
export interface Client {
  /**
   * One login. Must not repeat one that the server refused.
   * @param values all fields, and what earlier sign-ins stored
   */
  signIn(values: FieldValues, attempt: Attempt): Promise<Outcome<SignedIn>>;
  /** Asks the server, without key or credentials, whether it is this system. Tells a captive portal from the server. */
  identify(signal: AbortSignal): Promise<Outcome<void>>;
  /** The small request that proves a session and extends it. */
  keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>>;
  /** For *Verify now*: `keepAlive`, and what the server tells about itself. */
  verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>>;
  /** Ends the session on the server. An expired session counts as success. */
  signOut(key: string, signal: AbortSignal): Promise<Outcome<void>>;
}

export interface Attempt {
  readonly signal: AbortSignal;
  /** The user, who waits. Absent in a silent login, which must not open anything. */
  readonly user?: Interaction;
  /** Stores these secret values instead of the earlier ones, even if the attempt fails later. */
  saveSecrets(values: FieldValues): Promise<void>;
}

/** What a sign-in can ask of its user. Each stays on screen until the attempt ends or asks for something else. */
export interface Interaction {
  browser(url: string, expiresAt: number): Promise<void>;
  /**
   * Opens a page in a window of Keyvigil. Resolves with the address that led back to `returnUrl`, which is not requested, or
   * with undefined if the user closed the window.
   */
  window(
    url: string,
    returnUrl: string,
    expiresAt: number,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Shows a code that the user types at `address`. */
  code(code: string, address: string, expiresAt: number): void;
}

export interface SignedIn {
  readonly key: string;
  /** What the server said about the user; shown in the details. */
  readonly facts: readonly Fact[];
  /** What this sign-in learned about the server; comes back in `Target.learned`. */
  readonly learned: FieldValues;
}

export interface Verified {
  readonly facts: readonly Fact[];
  /** What the key gives access to. */
  readonly listing?: Listing;
}

export interface Listing {
  readonly label: string;
  readonly items: readonly string[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface CopyFormat {
  readonly id: string;
  readonly label: string;
  text(key: string): string;
}

export interface Explorer {
  /** Never with a key in it. */
  readonly address: string;
  /** The user must paste the key there. */
  readonly pasteKey: boolean;
}
