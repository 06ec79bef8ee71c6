import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD, type World } from '../../test/support/account-world.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS } from '../clock.ts';
import type { Fetch } from '../systems/system.ts';
import type { Account } from './account.ts';
import type { Presence, Rest } from './rest.ts';

const USER_NAMES = ['ada', 'ben', 'cem'];
const RESTS: Readonly<Record<string, Rest>> = {
  ben: { when: 'away', afterMinutes: 15, signOut: false },
  cem: { when: 'away', afterMinutes: 15, signOut: true },
};

/** Stands between client and server, sees every request, and records what must never happen. */
class Watcher {
  readonly violations: string[] = [];
  /** The credentials that the server has refused since the user's last action. */
  readonly #refused = new Set<string>();
  /** The number of logins in a row without an answer, by credentials, since the user's last action. */
  readonly #unanswered = new Map<string, number>();
  readonly #running: string[] = [];

  /** A user who signs in by hand may repeat refused credentials, and logins without an answer. */
  userActs(): void {
    this.#refused.clear();
    this.#unanswered.clear();
  }

  through(fetch: Fetch): Fetch {
    return async (url, init) => {
      const login = new Headers(init.headers).get('authorization') ?? undefined;
      const unanswered = login === undefined ? 0 : this.#beforeLogin(login);
      const who = login ?? url;
      const isAnonymous = login === undefined && !url.includes('hash=');
      if (!isAnonymous && this.#running.includes(who)) {
        this.violations.push('two requests at once for an account');
      }
      this.#running.push(who);
      if (this.#running.length > 2) this.violations.push('three requests at once to a server');
      try {
        const response = await fetch(url, init);
        const body = await response.text();
        // Only an answer to the login itself shows that earlier logins did no harm.
        const isAnswered = response.status === 401 || (response.ok && !body.startsWith('<'));
        if (login !== undefined) this.#unanswered.set(login, isAnswered ? 0 : unanswered);
        if (login !== undefined && response.status === 401) this.#refused.add(login);
        return new Response(body || null, response);
      } catch (error) {
        // A refused connection means that nothing was sent, so this login does not count.
        if (login !== undefined && isRefusedConnection(error)) {
          this.#unanswered.set(login, unanswered);
        }
        throw error;
      } finally {
        this.#running.splice(this.#running.indexOf(who), 1);
      }
    };
  }

  /** @returns how many logins before this login stayed unanswered */
  #beforeLogin(login: string): number {
    if (this.#refused.has(login)) this.violations.push('a refused login was repeated');
    const unanswered = this.#unanswered.get(login) ?? 0;
    if (unanswered >= 2) this.violations.push('a third login without an answer to two');
    this.#unanswered.set(login, unanswered + 1);
    return unanswered;
  }
}

function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED';
}

/** A world in which things happen to three accounts of one server. */
interface Life extends World {
  readonly watcher: Watcher;
  readonly passwords: Map<string, string>;
  /** The users who have signed out, or removed their account. */
  readonly gone: Set<string>;
  presence: Presence;
}

type Step = { readonly what: string; readonly happens: (life: Life) => unknown };
const happening = (what: string, happens: Step['happens']): Step => ({ what, happens });

const userNameOf = ({ saved }: Account) => saved.values['userName'] ?? '';
const accountOf = ({ accounts }: Life, userName: string) =>
  accounts.list.all.find((account) => userNameOf(account) === userName);

async function signIn(life: Life, userName: string): Promise<void> {
  const session = accountOf(life, userName);
  if (!session) return;
  life.watcher.userActs();
  const password = life.passwords.get(userName) ?? '';
  await life.accounts.list.signIn(session.saved.id, { password });
  // If the sign-in failed without a clear answer, the account may still be signed out.
  if (session.saved.wanted) life.gone.delete(userName);
}

const minutes = fc.integer({ min: 1, max: 200 });
const hours = fc.integer({ min: -30, max: 30 });
const user = fc.constantFrom(...USER_NAMES);
const fault = fc.constantFrom(
  faults.connectionRefused(),
  faults.connectionReset(),
  faults.cutOff(3),
  faults.serverError(),
  faults.htmlPage(),
  faults.loginPage(),
  faults.invalidJson(),
  faults.serviceUnavailable({ retryAfter: 90 }),
  faults.tooManyRequests({ retryAfter: 1e9 }),
);

const anyHappening: fc.Arbitrary<Step> = fc.oneof(
  minutes.map((m) => happening(`${m} min pass`, ({ clock }) => clock.advance(m * MINUTE_MS))),
  fc.tuple(minutes, fc.boolean(), fc.boolean()).map(([m, isAnnounced, isEndTold]) =>
    happening(`sleep of ${m} min`, ({ clock, accounts }) => {
      if (isAnnounced) accounts.scheduler.suspend();
      clock.sleep(m * MINUTE_MS);
      if (isEndTold) accounts.scheduler.resume();
    }),
  ),
  hours.map((h) =>
    happening(`the clock is set by ${h} h`, ({ clock }) => clock.setWallClock(h * 60 * MINUTE_MS)),
  ),
  fault.map((f) =>
    happening(`always ${JSON.stringify(f)}`, ({ server }) => server.faults.always(f)),
  ),
  fault.map((f) => happening(`once ${JSON.stringify(f)}`, ({ server }) => server.faults.next(f))),
  fc.constant(happening('all is well', ({ server }) => server.faults.clear())),
  fc.constant(happening('the server forgets', ({ server }) => server.forgetSessions())),
  fc.constant(
    happening('the network returns', ({ accounts }) => accounts.scheduler.networkReturned()),
  ),
  fc.boolean().map((isLocked) =>
    happening(isLocked ? 'the screen is locked' : 'the screen is unlocked', (life) => {
      life.presence = { idleMs: 0, isLocked };
      if (!isLocked) life.accounts.scheduler.resume();
    }),
  ),
  fc.constant(happening('restart', ({ accounts }) => void accounts.restart())),
  user.map((name) =>
    happening(`${name}'s password is changed`, ({ server, passwords }) => {
      const password = `${passwords.get(name)}*`;
      passwords.set(name, password);
      server.changePassword(name, password);
    }),
  ),
  user.map((name) => happening(`${name} signs in`, (life) => signIn(life, name))),
  user.map((name) =>
    happening(`${name} cancels`, (life) => {
      const session = accountOf(life, name);
      if (session) life.accounts.list.cancelSignIn(session.saved.id);
    }),
  ),
  user.map((name) => happening(`${name} verifies`, (life) => void accountOf(life, name)?.verify())),
  user.map((name) =>
    happening(`${name} signs out`, (life) => {
      life.gone.add(name);
      void accountOf(life, name)?.signOut();
    }),
  ),
  user.map((name) =>
    happening(`${name} is removed`, (life) => {
      const session = accountOf(life, name);
      if (session) life.accounts.list.remove(session.saved.id);
      life.gone.add(name);
    }),
  ),
);

async function begin(): Promise<Life> {
  const watcher = new Watcher();
  const users = USER_NAMES.map((username) => ({ username, password: PASSWORD }));
  const world = await createWorld({
    users,
    through: (fetch) => watcher.through(fetch),
    presence: () => life.presence,
  });
  const passwords = new Map(USER_NAMES.map((name) => [name, PASSWORD]));
  const presence: Presence = { idleMs: 0, isLocked: false };
  const life: Life = { ...world, watcher, passwords, gone: new Set(), presence };
  for (const userName of USER_NAMES) {
    await world.add({ values: { userName, password: PASSWORD }, rest: RESTS[userName] });
  }
  return life;
}

it('keeps its promises whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyHappening, { minLength: 1, maxLength: 25 }),
      async (happenings) => {
        const life = await begin();
        const { accounts, clock, server, watcher, gone } = life;
        for (const { happens } of happenings) {
          await happens(life);
          await settle();
          expect(watcher.violations).toEqual([]);
          for (const session of accounts.list.all) {
            // A session that the user has ended must not come back by itself.
            if (gone.has(userNameOf(session))) expect(session.sessionKey).toBeUndefined();
          }
        }

        // In the end, everything works, and each user who is asked types a password. Then each account has a session. A server
        // may have asked to wait an hour, and the backoff is added to that.
        server.faults.clear();
        life.presence = { idleMs: 0, isLocked: false };
        await clock.advance(66 * MINUTE_MS);
        for (const session of accounts.list.all) {
          if (session.session.state === 'sign-in-needed') await signIn(life, userNameOf(session));
        }
        await clock.advance(10 * MINUTE_MS);
        const wanted = accounts.list.all.filter((session) => !gone.has(userNameOf(session)));
        expect(wanted.map(({ session }) => session.state)).toEqual(wanted.map(() => 'live'));
        expect(new Set(wanted.map(({ sessionKey }) => sessionKey?.key))).toEqual(
          new Set(server.sessions.keys()),
        );
        expect(watcher.violations).toEqual([]);
        expect(accounts.reported).toEqual([]);
        expect(clock.timers).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
