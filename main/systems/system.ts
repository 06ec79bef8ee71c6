/**
 * What every system offers. A new system is one new folder beside this file and one line in `index.ts`; nobody else knows a
 * system by name.
 */
import type { Clock } from '../clock.ts';
import type { Outcome } from './failure.ts';

export interface System {
  /** Stored with every account of this system; never shown. */
  readonly id: string;
  /** As users know it: "NEXUS IC". */
  readonly name: string;
  /** The first is preselected. */
  readonly methods: readonly Method[];
  /** What stands in the empty address field. */
  readonly addressExample: string;
  readonly keepAlive: KeepAlive;

  /** Reads a server address as people type it. The value is what an account stores. */
  readAddress(typed: string): AddressReading;
  connect(target: Target, services: Services): Client;
}

/** How often sessions want to be used, so that they stay, in minutes. The first of the limits is an account's to change. */
export interface KeepAlive {
  /** Where a server ends all sessions together when none of them is used: how often it wants a request from any of them. */
  readonly serverMinutes?: number;
  /** How often each session wants a request of its own. */
  readonly sessionMinutes: number;
  /** A session that was not used for so long is gone, whatever it is asked. Only where that is documented. */
  readonly expiryMinutes?: number;
}

/** One way to sign in, and what the user must give for it. */
export interface Method {
  readonly id: string;
  readonly label: string;
  readonly fields: readonly Field[];
  /** A login without the user can be made with what is held. Where this is not said: once every field is filled. */
  canRenew?(held: FieldValues): boolean;
  /** A login that is refused counts against nobody: repeating one whose answer was lost locks no account. */
  readonly neverLocks?: true;
  /** Held values that signing out drops, where they would let anybody in again without being asked. */
  readonly signOutForgets?: readonly string[];
}

export interface Field {
  readonly id: string;
  /** The accessible name of the input. */
  readonly label: string;
  /** Secrets are held in the vault only, and are never handed back to the renderer. */
  readonly secret: boolean;
  /** Taken to the letter, blanks included. All other fields lose the blanks around a pasted text. */
  readonly exact?: boolean;
  /** Help below the input. */
  readonly hint?: string;
  /** What a new account begins with. */
  readonly initial?: string;
  /** What it can be, where that is a choice of few. */
  readonly options?: readonly { readonly id: string; readonly label: string }[];
  readonly optional?: boolean;
  /** Few change it: the form keeps it out of the way. */
  readonly advanced?: boolean;
  /** It counts only where another field has this value. */
  readonly onlyWith?: { readonly field: string; readonly value: string };
  /** Under which id a sign-in holds something better in the place of what was typed: a password's encrypted form, say. */
  readonly heldAs?: string;
  /** What is wrong with a value, in a sentence that says what to do. An empty value is never asked about. */
  problem?(value: string): string | undefined;
}

/** Values of fields, by the field's id. */
export type FieldValues = Readonly<Record<string, string>>;

export type AddressReading = { ok: true; address: string } | { ok: false; problem: string };

/** The server and the way in. */
export interface Target {
  /** As `readAddress` gave it. */
  readonly address: string;
  readonly methodId: string;
  /** The account's fields that are not secret. */
  readonly values: FieldValues;
  /** What an earlier sign-in found out about this server, as it returned it; nothing secret. */
  readonly learned: FieldValues;
}

export interface Services {
  readonly fetch: Fetch;
  /** Keeps the requests to one server from being too many at once: waits, and returns what is to be called when one is over. */
  readonly enter: (url: string, signal: AbortSignal) => Promise<() => void>;
  readonly clock: Clock;
  /** How long one request may take, in milliseconds. */
  readonly timeLimitMs: number;
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Talks to one server for one account. Holds no state between calls. */
export interface Client {
  /**
   * One login. Never repeats one that the server refused.
   * @param values all fields, and what earlier sign-ins asked to hold
   */
  signIn(values: FieldValues, attempt: Attempt): Promise<Outcome<SignedIn>>;
  /** The small request that proves a session and extends it. */
  keepAlive(key: string, signal: AbortSignal): Promise<Outcome<void>>;
  /** What the user sees on *Verify now*: as `keepAlive`, with what the server tells about itself. */
  verify(key: string, signal: AbortSignal): Promise<Outcome<Verified>>;
  /** Ends the session on the server. That it is gone already is a success. */
  signOut(key: string, signal: AbortSignal): Promise<Outcome<void>>;
  /** How a key is used in a request: what *Copy as …* offers beside the key itself. */
  copyFormats(): readonly CopyFormat[];
  /** The page on which the API can be tried out, and whether a key is to be pasted there; never with a key in its address. */
  explorer(): { readonly address: string; readonly pasteKey: boolean };
}

export interface Attempt {
  readonly signal: AbortSignal;
  /** The user, who waits for this. Absent in a silent login, which must never open anything. */
  readonly user?: Interaction;
  /** From now on these secret values are held in the place of those before, whatever else comes of the attempt. */
  hold(values: FieldValues): Promise<void>;
}

/** What a sign-in can ask of its user. Each shows until the attempt is over, or until the next. */
export interface Interaction {
  /** Opens a page in the user's browser. */
  browser(url: string, expiresAt: number): Promise<void>;
  /**
   * Opens a page in a window of its own, and resolves with the address that led back to `returnUrl`, which is not requested; with
   * undefined where the user closed the window.
   */
  window(
    url: string,
    returnUrl: string,
    expiresAt: number,
    signal: AbortSignal,
  ): Promise<string | undefined>;
  /** Shows a code that is to be typed at `address`. */
  code(code: string, address: string, expiresAt: number): void;
}

export interface SignedIn {
  /** The session key. */
  readonly key: string;
  /** What the server said of the user; shown in the details. */
  readonly facts: readonly Fact[];
  /** What this sign-in found out about the server, to be handed back in `Target.learned`. */
  readonly learned: FieldValues;
}

export interface Verified {
  /** What the server tells of itself. */
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
