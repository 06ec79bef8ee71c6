import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as faults from '../../test/simulators/faults.ts';
import { createWorld, PASSWORD, type World } from '../../test/support/keeper-world.ts';
import { settle } from '../../test/support/virtual-clock.ts';
import { MINUTE_MS } from '../clock.ts';
import type { Fetch } from '../systems/system.ts';

const USER_NAMES = ['ada', 'ben', 'cem'];

/** Between keeper and server: sees every request, and says what must never be. */
class Watcher {
  readonly violations: string[] = [];
  /** Credentials that the server has refused, until their user acts. */
  readonly #refused = new Set<string>();
  /** Logins in a row that got no answer, by credentials, until their user acts. */
  readonly #lost = new Map<string, number>();
  readonly #underWay: string[] = [];

  /** Whoever signs in by hand may try what was refused, and what was lost. */
  userActs(): void {
    this.#refused.clear();
    this.#lost.clear();
  }

  through(fetch: Fetch): Fetch {
    return async (url, init) => {
      const login = new Headers(init.headers).get('authorization') ?? undefined;
      const lost = login === undefined ? 0 : this.#beforeLogin(login);
      const who = login ?? url;
      const isAnybody = url.endsWith('hash=none');
      if (!isAnybody && this.#underWay.includes(who))
        this.violations.push('two at a time for an account');
      this.#underWay.push(who);
      if (this.#underWay.length > 2) this.violations.push('three at a time for a server');
      try {
        const response = await fetch(url, init);
        const body = await response.text();
        // Only who looked at a login, and said what became of it, makes good for the ones that were lost.
        const isLookedAt = response.status === 401 || (response.ok && !body.startsWith('<'));
        if (login !== undefined) this.#lost.set(login, isLookedAt ? 0 : lost);
        if (login !== undefined && response.status === 401) this.#refused.add(login);
        return new Response(body || null, response);
      } catch (error) {
        // Nothing was sent: that nobody listens is known, not lost.
        if (login !== undefined && isRefusedConnection(error)) this.#lost.set(login, lost);
        throw error;
      } finally {
        this.#underWay.splice(this.#underWay.indexOf(who), 1);
      }
    };
  }

  /** @returns how many were lost before this one */
  #beforeLogin(login: string): number {
    if (this.#refused.has(login)) this.violations.push('a refused login was repeated');
    const lost = this.#lost.get(login) ?? 0;
    if (lost >= 2) this.violations.push('a login was tried a third time without an answer');
    this.#lost.set(login, lost + 1);
    return lost;
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
  /** Users who have signed out, or removed their account. */
  readonly gone: Set<string>;
}

type Happening = { readonly what: string; readonly happens: (life: Life) => unknown };
const happening = (what: string, happens: Happening['happens']): Happening => ({ what, happens });

const userNameOf = ({ account }: Life['keeper']['accounts'][number]) =>
  account.values['userName'] ?? '';

function accountOf({ keeper }: Life, userName: string) {
  return keeper.accounts.find((kept) => userNameOf(kept) === userName);
}

async function signIn(life: Life, userName: string): Promise<void> {
  const kept = accountOf(life, userName);
  if (!kept) return;
  life.watcher.userActs();
  const password = life.passwords.get(userName) ?? '';
  await life.keeper.signIn(kept.account.id, { password });
  // One that was answered with nonsense has changed nothing.
  if (kept.account.wanted) life.gone.delete(userName);
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

const anyHappening: fc.Arbitrary<Happening> = fc.oneof(
  minutes.map((m) => happening(`${m} min pass`, ({ clock }) => clock.advance(m * MINUTE_MS))),
  fc.tuple(minutes, fc.boolean(), fc.boolean()).map(([m, isAnnounced, isEndTold]) =>
    happening(`sleep of ${m} min`, ({ clock, keeper }) => {
      if (isAnnounced) keeper.suspend();
      clock.sleep(m * MINUTE_MS);
      if (isEndTold) keeper.wake();
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
  fc.constant(happening('the network returns', ({ keeper }) => keeper.networkReturned())),
  fc.constant(happening('restart', (life) => void life.restart())),
  user.map((name) =>
    happening(`${name}'s password is changed`, ({ server, passwords }) => {
      const password = `${passwords.get(name)}*`;
      passwords.set(name, password);
      server.changePassword(name, password);
    }),
  ),
  user.map((name) => happening(`${name} signs in`, (life) => signIn(life, name))),
  user.map((name) => happening(`${name} verifies`, (life) => void accountOf(life, name)?.verify())),
  user.map((name) =>
    happening(`${name} signs out`, (life) => {
      life.gone.add(name);
      void accountOf(life, name)?.signOut();
    }),
  ),
  user.map((name) =>
    happening(`${name} is removed`, (life) => {
      const kept = accountOf(life, name);
      if (kept) life.keeper.remove(kept.account.id);
      life.gone.add(name);
    }),
  ),
);

async function begin(): Promise<Life> {
  const watcher = new Watcher();
  const users = USER_NAMES.map((username) => ({ username, password: PASSWORD }));
  const world = await createWorld({ users, through: (fetch) => watcher.through(fetch) });
  for (const userName of USER_NAMES) await world.add({ values: { userName, password: PASSWORD } });
  const passwords = new Map(USER_NAMES.map((name) => [name, PASSWORD]));
  // The keeper is another one after a restart: a copy of the world would go on with the first.
  return Object.assign(Object.create(world) as World, {
    watcher,
    passwords,
    gone: new Set<string>(),
  });
}

it('keeps its promises whatever happens in whatever order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyHappening, { minLength: 1, maxLength: 25 }),
      async (happenings) => {
        const life = await begin();
        for (const { happens } of happenings) {
          await happens(life);
          await settle();
          expect(life.watcher.violations).toEqual([]);
          for (const kept of life.keeper.accounts) {
            // Nothing comes back to life by itself.
            if (life.gone.has(userNameOf(kept))) expect(kept.held).toBeUndefined();
          }
        }

        // All is well again, and who is asked for a password types it: then everybody has a session.
        // (A server may have asked to be left alone for an hour, to which a backoff comes.)
        life.server.faults.clear();
        await life.clock.advance(66 * MINUTE_MS);
        for (const kept of life.keeper.accounts) {
          if (kept.session.state === 'sign-in-needed') await signIn(life, userNameOf(kept));
        }
        await life.clock.advance(10 * MINUTE_MS);
        const wanted = life.keeper.accounts.filter((kept) => !life.gone.has(userNameOf(kept)));
        expect(wanted.map(({ session }) => session.state)).toEqual(wanted.map(() => 'live'));
        expect(new Set(wanted.map(({ held }) => held?.key))).toEqual(
          new Set(life.server.sessions.keys()),
        );
        expect(life.watcher.violations).toEqual([]);
        expect(life.reported).toEqual([]);
        expect(life.clock.timers).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);
