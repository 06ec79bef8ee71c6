import { startNexusIc } from '../simulators/nexus-ic.ts';
import { addAccount, firstPasswordOf, type ServerDeps, type WorldServer } from './world-server.ts';

const METHODS = ['password', 'api-key', 'password', 'email-token'] as const;

/** @param numbers the numbers of the server's accounts */
export async function startNexusIcServer(
  numbers: readonly number[],
  { number, clock, random, life, journalLimit }: ServerDeps,
): Promise<WorldServer> {
  const simulator = await startNexusIc({
    clock,
    users: numbers.map((account) => ({
      username: `user-${account}`,
      password: firstPasswordOf(account),
      apiKey: `key-${account}`,
      emailToken: `token-${account}`,
    })),
    random: (size) => random.bytes(size),
    listen: false,
    journalLimit,
    // Installations answer an expired session in different ways. The client must understand each way.
    invalidHash: random.pick([401, 404, 'login page']),
    hashIdleMs: life.sessionIdleMs,
    serverIdleMs: life.serverIdleMs,
  });
  const server: WorldServer = {
    number,
    host: `nexus-${number + 1}.example.com`,
    accounts: [],
    fetch: simulator.fetch,
    life,
    sessions: () => simulator.sessions,
    forgetSessions: () => simulator.forgetSessions(),
    changePassword: (user, password) => simulator.changePassword(user, password),
    loginIn(url, init) {
      if (!url.endsWith('/security/login')) return undefined;
      const credentials = new Headers(init.headers).get('authorization') ?? '';
      const text = Buffer.from(credentials.split(' ')[1] ?? '', 'base64').toString('utf8');
      return { user: text.split(':')[0] ?? '', credentials };
    },
    isRefusal: (status) => status === 401,
  };
  for (const [index, account] of numbers.entries()) {
    const method = METHODS[index % METHODS.length]!;
    const firstPassword = firstPasswordOf(account);
    const values = {
      password: { userName: `user-${account}`, password: firstPassword },
      'api-key': { apiKey: `key-${account}` },
      'email-token': { emailToken: `token-${account}` },
    }[method];
    const user = Object.values(values)[0]!;
    const password = method === 'password' ? firstPassword : undefined;
    const form = { system: 'nexus-ic', method, values, keepAliveMinutes: 8 };
    addAccount(server, { number: account, user, password }, form);
  }
  return server;
}
