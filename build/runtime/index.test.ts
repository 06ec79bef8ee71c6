import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseRuntime, type Sources } from './index.ts';

const failure = { at: 0, reason: 'fetch failed' };
let messages: string[];

beforeEach(() => {
  messages = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => messages.push(String(text)) > 0);
});
afterEach(() => vi.restoreAllMocks());

function sources(over: Partial<Sources> = {}): Sources {
  return {
    override: undefined,
    version: '45.4.1',
    installed: vi.fn(async () => undefined),
    recentFailure: vi.fn(async () => undefined),
    download: vi.fn(async () => failure),
    canRunOlder: true,
    olderExecutable: vi.fn(async () => '/cache/electron'),
    ...over,
  };
}

test.runIf(process.platform === 'linux')('takes the folder that the user named', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keyvigil-electron-'));
  writeFileSync(join(folder, 'electron'), '');
  writeFileSync(join(folder, 'version'), 'v40.0.0\n');
  const all = sources({ override: folder, installed: vi.fn(async () => '/installed') });
  const runtime = await chooseRuntime(all);
  rmSync(folder, { recursive: true });
  expect(runtime).toMatchObject({
    executable: join(folder, 'electron'),
    version: '40.0.0',
    isFallback: false,
  });
  expect(all.installed).not.toHaveBeenCalled();
});

test('does not replace a folder that the user named wrongly', async () => {
  const wrong = chooseRuntime(sources({ override: '/nowhere' }));
  await expect(wrong).rejects.toThrow(/ELECTRON_OVERRIDE_DIST_PATH.*\/nowhere/);
});

test('takes the declared Electron if it is installed', async () => {
  const all = sources({ installed: async () => '/installed' });
  expect(await chooseRuntime(all)).toMatchObject({
    executable: '/installed',
    version: '45.4.1',
    isFallback: false,
  });
  expect(all.download).not.toHaveBeenCalled();
  expect(messages).toEqual([]);
});

test('downloads the declared Electron if it is not installed', async () => {
  const installed = vi.fn<Sources['installed']>();
  installed.mockResolvedValueOnce(undefined).mockResolvedValueOnce('/downloaded');
  const runtime = await chooseRuntime(sources({ installed, download: async () => undefined }));
  expect(runtime).toMatchObject({ executable: '/downloaded', isFallback: false });
});

test('falls back to the older runtime, and says why in one line', async () => {
  expect(await chooseRuntime(sources())).toMatchObject({
    executable: '/cache/electron',
    version: '33.2.1',
    isFallback: true,
  });
  expect(messages).toHaveLength(1);
  expect(messages[0]).toMatch(/45\.4\.1.*fetch failed.*33\.2\.1/);
});

test('does not retry a download that failed recently', async () => {
  const all = sources({ recentFailure: async () => failure });
  expect(await chooseRuntime(all)).toMatchObject({ isFallback: true });
  expect(all.download).not.toHaveBeenCalled();
  expect(messages[0]).toContain('npx install-electron');
});

test('falls back if the installer claims success but leaves nothing', async () => {
  const runtime = await chooseRuntime(sources({ download: async () => undefined }));
  expect(runtime.isFallback).toBe(true);
});

test('without an older runtime, tries each time and reports the failure', async () => {
  const all = sources({ canRunOlder: false, recentFailure: async () => failure });
  await expect(chooseRuntime(all)).rejects.toThrow(/45\.4\.1 could not be downloaded/);
  expect(all.download).toHaveBeenCalled();
});

test.each([
  ['linux', 0, ['--no-sandbox']],
  ['linux', 1000, []],
  ['darwin', 0, []],
] as const)('on %s as user %i the arguments are %j', async (platform, user, args) => {
  const original = process.platform;
  Object.defineProperty(process, 'platform', { value: platform });
  vi.spyOn(process as { getuid(): number }, 'getuid').mockReturnValue(user);
  try {
    const runtime = await chooseRuntime(sources({ installed: async () => '/installed' }));
    expect(runtime.args).toEqual(args);
  } finally {
    Object.defineProperty(process, 'platform', { value: original });
  }
});
