import { describe, expect, it } from 'vitest';
import { Notices } from '../bridge/notices.ts';
import { FILE_VARIABLE, readManagedAccounts } from './managed-accounts-file.ts';

const FORM = {
  system: 'nexus-ic',
  name: 'Plant',
  address: 'nexus.example.com',
  method: 'password',
  values: {},
  keepAliveMinutes: 8,
};
const TEXT = JSON.stringify({ format: 'keyvigil-accounts', version: 1, accounts: [FORM] });

interface World {
  text?: string | Error;
  mode?: number;
  platform?: NodeJS.Platform;
  isPackaged?: boolean;
  env?: Record<string, string>;
}

function read({
  text = TEXT,
  mode = 0o644,
  platform = 'linux',
  isPackaged = true,
  env = {},
}: World) {
  const notices = new Notices();
  const opened: string[] = [];
  const forms = readManagedAccounts({
    platform,
    env,
    isPackaged,
    userId: 1000,
    files: {
      stat: (path) => ({ uid: isPackaged ? 0 : 1000, mode: path.endsWith('.json') ? mode : 0o755 }),
      realpath: (path) => path,
      read(path) {
        opened.push(path);
        if (text instanceof Error) throw text;
        return text;
      },
    },
    notices,
  });
  return { forms, opened, notices: notices.all.map(({ text }) => text) };
}

describe('the administrator’s file', () => {
  it('gives its accounts', () => {
    const { forms, opened, notices } = read({});
    expect(forms).toEqual([{ ...FORM, remember: true }]);
    expect(opened).toEqual(['/etc/keyvigil/accounts.json']);
    expect(notices).toEqual([]);
  });

  it('gives no accounts, and no notice, if it does not exist', () => {
    const missing = Object.assign(new Error(), { code: 'ENOENT' });
    expect(read({ text: missing })).toMatchObject({ forms: [], notices: [] });
    expect(read({ platform: 'freebsd' })).toMatchObject({ forms: [], opened: [] });
  });

  it.each([
    ['that is no JSON', '{'],
    ['with other content', '{"accounts":[]}'],
    ['that cannot be opened', Object.assign(new Error(), { code: 'EACCES' })],
  ])('%s changes nothing, and a notice says so', (_, text) => {
    const { forms, notices } = read({ text });
    expect(forms).toBeUndefined();
    expect(notices).toEqual([expect.stringContaining('/etc/keyvigil/accounts.json')]);
  });

  it('is not even opened on Linux if ordinary users can change it, and a notice says so', () => {
    const { forms, opened, notices } = read({ mode: 0o666 });
    expect([forms, opened]).toEqual([undefined, []]);
    expect(notices).toEqual([
      expect.stringContaining('users who are not administrators can change it'),
    ]);
  });

  it('is another one in tests, but never for a packaged app', () => {
    const env = { [FILE_VARIABLE]: '/tmp/accounts.json' };
    expect(read({ env, isPackaged: false }).opened).toEqual(['/tmp/accounts.json']);
    expect(read({ env }).opened).toEqual(['/etc/keyvigil/accounts.json']);
  });
});
