/** The events that happen to the machine, its network and its servers. */

/** The faults that a request can meet on the network. */
export type NetworkFault =
  | 'disconnected'
  | 'no such name'
  | 'no answer'
  | 'portal page'
  | 'portal redirect'
  | 'proxy sign-in'
  | 'bad certificate';

/** The operating system announces only the return of its own network. It does not see portals and proxies. */
export const isReturnAnnounced = (fault: NetworkFault): boolean =>
  fault === 'disconnected' || fault === 'no such name';

export type Outage = 'refused' | 'no answer' | 'error 500' | 'error 502' | 'error 503';

/** The way in which a server asks a client to wait. */
export interface Throttle {
  readonly status: 429 | 503;
  readonly form: 'seconds' | 'date' | { readonly absurd: string };
  /** The wait begins with each answer. An absurd Retry-After means no wait, or a wait without an end. */
  readonly waitMs: number;
}

export type WorldEvent = { readonly at: number } & (
  | { readonly kind: 'sleep' | 'wake-up'; readonly isAnnounced: boolean }
  | { readonly kind: 'network fault' | 'network fault over'; readonly fault: NetworkFault }
  /** The operating system says that the network is back. */
  | { readonly kind: 'network announced' }
  | { readonly kind: 'wall clock set'; readonly byMs: number }
  | { readonly kind: 'app quits' | 'app starts' }
  /** The user opens the popup, and signs in to each account for which the app asks. */
  | { readonly kind: 'user looks' }
  | { readonly kind: 'user leaves'; readonly locks: boolean }
  | { readonly kind: 'user returns' }
  /** No session is needed between these two events. */
  | { readonly kind: 'rest begins' | 'rest ends' }
  | { readonly kind: 'password changed'; readonly account: number }
  | ServerEvent
);

export type ServerEvent = { readonly at: number; readonly server: number } &
  /** The server forgets all sessions. */
  (
    | { readonly kind: 'restart' }
    | { readonly kind: 'outage'; readonly outage: Outage }
    | { readonly kind: 'throttle'; readonly throttle: Throttle }
    /** Many answers are lost or late. */
    | { readonly kind: 'bad connection' }
    | { readonly kind: 'outage over' | 'throttle over' | 'bad connection over' }
  );
