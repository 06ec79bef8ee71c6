import { startRibCx } from '../simulators/rib-cx.ts';
import { addAccount, firstPasswordOf, type ServerDeps, type WorldServer } from './world-server.ts';

/** @param numbers the numbers of the server's accounts */
export async function startRibCxServer(
  numbers: readonly number[],
  { number, clock, random, life, journalLimit }: ServerDeps,
): Promise<WorldServer> {
  const simulator = await startRibCx({
    clock,
    users: numbers.map((account) => ({
      email: emailOf(account),
      password: firstPasswordOf(account),
    })),
    random: (size) => random.bytes(size),
    listen: false,
    journalLimit,
    // The documents do not say how hosts behave here. The client must understand each way.
    invalidKey: random.pick([401, 'login page']),
    refusal: random.pick(['ErrorMessages', 'Message', 401]),
    loginAnswer: random.pick(['result', 'key only', 'string']),
    keyIdleMs: life.sessionIdleMs,
  });
  const server: WorldServer = {
    number,
    host: `cx-${number + 1}.example.com`,
    accounts: [],
    fetch: simulator.fetch,
    life,
    sessions: () => simulator.sessions,
    forgetSessions: () => simulator.forgetSessions(),
    changePassword: (user, password) => simulator.changePassword(user, password),
    loginIn(url, init) {
      if (!url.endsWith('/Api/Login/ByEmail') || typeof init.body !== 'string') return undefined;
      const { Email } = JSON.parse(init.body) as { Email: string };
      return { user: Email, credentials: init.body };
    },
    isRefusal: (status, body) => status === 401 || /"IsSuccess":false/.test(body),
  };
  for (const account of numbers) {
    const [email, password] = [emailOf(account), firstPasswordOf(account)];
    const values = { email, password, apiVersion: 'latest' };
    const form = { system: 'rib-cx', method: 'password', values, keepAliveMinutes: 10 };
    addAccount(server, { number: account, user: email, password }, form);
  }
  return server;
}

const emailOf = (account: number) => `user-${account}@example.com`;
