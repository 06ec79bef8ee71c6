/**
 * Checks the running app against Electron's security checklist, with a test for each of its 20 points. Point 19 is in
 * `packaged.spec.ts`. https://www.electronjs.org/docs/latest/tutorial/security#checklist-security-recommendations
 */
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { WebContents, WebPreferences } from 'electron';
import { declaredVersion } from '../../build/runtime/official.ts';
import project from '../../package.json' with { type: 'json' };
import { CLIENT_ID, TENANT_ID, type Entra } from '../simulators/entra.ts';
import type { RibCx } from '../simulators/rib-cx.ts';
import { snapshotOf } from '../support/snapshot-of.ts';
import { expect, launchSignedIn, test as base, useKeyvigil } from './fixtures.ts';
import type { Keyvigil } from './keyvigil.ts';
import type { Popup } from './popup.ts';
import { cxAccount, RETURN_URL, startCx, startMicrosoft } from './servers.ts';
import { changeStored } from './stored.ts';

/** This value must be the same as in `main/desktop/popup-options.ts`. */
const POPUP_PARTITION = 'popup';
const PRELOAD = join(import.meta.dirname, '../../out/preload/preload.cjs');

interface Windows {
  readonly app: ElectronApplication;
  readonly popup: Popup;
  readonly signIn: Page;
  /** The popup's page and the sign-in page. */
  readonly pages: readonly Page[];
}

const test = base.extend<object, { windows: Windows }>({
  // All points share these windows, because opening them takes far longer than checking one point.
  windows: [
    async ({ desktop }, use) => {
      const entra = await startMicrosoft();
      const ribCx = await startCx(entra);
      await useKeyvigil(desktop, async (keyvigil) => {
        await use(await openWindows(keyvigil, entra, ribCx));
      });
      await Promise.all([ribCx.stop(), entra.stop()]);
    },
    { scope: 'worker' },
  ],
});

// Run all tests of this file in one worker, because each worker would open its own windows.
test.describe.configure({ mode: 'default' });

/** Opens one window of each kind that Keyvigil has. */
async function openWindows(keyvigil: Keyvigil, entra: Entra, ribCx: RibCx): Promise<Windows> {
  await keyvigil.launch({ entra });
  const popup = await keyvigil.popup();
  await popup.fillIn({
    ...cxAccount(ribCx),
    method: 'Microsoft account',
    values: { 'Client ID': CLIENT_ID, Tenant: TENANT_ID },
  });
  await popup.field('Sign-in style').selectOption('Sign-in window');
  await popup.field('Return URL').fill(RETURN_URL);
  const opening = keyvigil.app.waitForEvent('window');
  await popup.button('Sign in').click();
  const signIn = await opening;
  await signIn.getByLabel('Password').waitFor();
  return { app: keyvigil.app, popup, signIn, pages: [popup.page, signIn] };
}

/** The safe values of each preference, for every window. Undefined means Electron's default, which is safe. */
const SAFE: Readonly<Partial<Record<keyof WebPreferences, readonly unknown[]>>> = {
  sandbox: [true],
  contextIsolation: [true],
  nodeIntegration: [false],
  nodeIntegrationInWorker: [undefined, false],
  nodeIntegrationInSubFrames: [undefined, false],
  webSecurity: [undefined, true],
  allowRunningInsecureContent: [undefined, false],
  experimentalFeatures: [undefined, false],
  enableBlinkFeatures: [undefined, ''],
  webviewTag: [undefined, false],
  plugins: [undefined, false],
  navigateOnDragDrop: [undefined, false],
  enableDeprecatedPaste: [undefined, false],
};

test('every window of the app has safe preferences', async ({ windows }) => {
  const all = await preferences(windows);
  expect(all).toHaveLength(2);
  for (const preferences of all) {
    for (const [name, safe] of Object.entries(SAFE)) {
      expect(safe, name).toContain(preferences[name as keyof WebPreferences]);
    }
  }
  const sessions = await windows.app.evaluate(({ session, webContents }) =>
    webContents.getAllWebContents().map((contents) => ({
      isShared: contents.session === session.defaultSession,
      isStored: contents.session.storagePath !== null,
      checksSpelling: contents.session.isSpellCheckerEnabled(),
    })),
  );
  const own = { isShared: false, isStored: false, checksSpelling: false };
  expect(sessions).toEqual([own, own]);
});

test('1. Only load secure content: the popup loads nothing but its page, and a sign-in page no other scheme', async ({
  windows: { popup, signIn },
}) => {
  const loaded = await popup.page.evaluate(() =>
    [...document.querySelectorAll<HTMLScriptElement & HTMLLinkElement>('[src], [href]')].map(
      ({ src, href }) => src || href,
    ),
  );
  expect(loaded).toEqual([]);
  for (const url of ['ftp://127.0.0.1/x', 'file:///etc/passwd', 'app://keyvigil/index.html']) {
    expect(await loads(signIn, url)).toBe(false);
  }
});

test('2. No Node.js in any page', async ({ windows: { pages } }) => {
  for (const page of pages) {
    const found = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter(
        (name) => name in globalThis,
      ),
    );
    expect(found).toEqual([]);
  }
});

test('3. Context isolation: a page cannot change what the preload script uses', async ({
  windows: { popup },
}) => {
  const snapshot = await popup.page.evaluate(async () => {
    const refuse = () => {
      throw new Error('The page’s own function was called.');
    };
    const { push, map } = Array.prototype;
    const { call, apply } = Function.prototype;
    Object.assign(Array.prototype, { push: refuse, map: refuse });
    Object.assign(Function.prototype, { call: refuse, apply: refuse });
    const snapshot = await window.keyvigil.request('snapshot', undefined);
    // The other tests need a page that works.
    Object.assign(Array.prototype, { push, map });
    Object.assign(Function.prototype, { call, apply });
    return snapshot;
  });
  expect(JSON.parse(snapshot)).toMatchObject({ accounts: [] });
});

test('4. Every renderer process is sandboxed', async ({ windows }) => {
  const all = await preferences(windows);
  expect(all.map(({ sandbox }) => sandbox)).toEqual([true, true]);
  // Electron passes this switch to each renderer in the sandbox.
  const commands = await windows.app.evaluate(({ webContents }) => {
    const { readFileSync } = process.getBuiltinModule('node:fs');
    return webContents
      .getAllWebContents()
      .map((contents) => readFileSync(`/proc/${contents.getOSProcessId()}/cmdline`, 'utf8'));
  });
  expect(commands.filter((command) => !command.includes('--enable-sandbox'))).toEqual([]);
});

test('5. No page gets a permission', async ({ windows: { pages } }) => {
  for (const page of pages) {
    expect(await grantedPermissions(page)).toEqual([]);
  }
});

test('no page downloads a file', async ({ windows: { app } }) => {
  const outcomes = await app.evaluate(({ webContents }) =>
    Promise.all(
      webContents.getAllWebContents().map((contents) => {
        const prevented = new Promise<boolean>((resolve) => {
          contents.session.once('will-download', (event) => resolve(event.defaultPrevented));
        });
        contents.downloadURL(contents.getURL());
        return prevented;
      }),
    ),
  );
  expect(outcomes).toEqual([true, true]);
});

test('6. Web security is on: no page reads another origin', async ({
  windows: { pages },
  nexus,
}) => {
  for (const page of pages) {
    expect(await statusOf(page, `${nexus.origin}/data/icweb.dll/version`)).toBeUndefined();
  }
});

test('7. A content security policy lets the popup run its own scripts alone', async ({
  windows: { app, popup },
}) => {
  const policy = await app.evaluate(async ({ session }, partition) => {
    const response = await session.fromPartition(partition).fetch('app://keyvigil/index.html');
    return response.headers.get('content-security-policy');
  }, POPUP_PARTITION);
  expect(policy).toMatch(
    /^default-src 'none'; script-src 'sha256-[\w+/]+='; style-src 'sha256-[\w+/]+=';/,
  );
  expect(policy).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
  expect(await runsForeignScript(popup.page)).toEqual([]);
});

test('8. No page may run insecure content', async ({ windows }) => {
  for (const { allowRunningInsecureContent } of await preferences(windows)) {
    expect(allowRunningInsecureContent ?? false).toBe(false);
  }
});

test('9. No experimental features', async ({ windows }) => {
  for (const { experimentalFeatures } of await preferences(windows)) {
    expect(experimentalFeatures ?? false).toBe(false);
  }
});

test('10. No Blink features are enabled', async ({ windows }) => {
  for (const { enableBlinkFeatures } of await preferences(windows)) {
    expect(enableBlinkFeatures ?? '').toBe('');
  }
  const isEnabled = await windows.app.evaluate(({ app }) =>
    ['enable-blink-features', 'enable-features'].filter((name) => app.commandLine.hasSwitch(name)),
  );
  expect(isEnabled).toEqual([]);
});

test('11. No <webview>, so none that opens popups', async ({ windows: { app, pages } }) => {
  for (const page of pages) {
    await page.evaluate(() => {
      const webview = document.createElement('webview');
      webview.setAttribute('allowpopups', '');
      webview.setAttribute('src', 'https://example.com/');
      document.body.append(webview);
    });
  }
  const types = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => contents.getType()),
  );
  expect(types).toEqual(['window', 'window']);
});

test('12. A <webview> would be refused, whatever its options', async ({ windows: { app } }) => {
  const prevented = await app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      let isPrevented = false;
      contents.emit('will-attach-webview', { preventDefault: () => (isPrevented = true) }, {}, {});
      return isPrevented;
    }),
  );
  expect(prevented).toEqual([true, true]);
});

test('13. The popup goes to no other page, and a sign-in to no other scheme', async ({
  windows: { app, popup, signIn },
}) => {
  // Add the listener before the page navigates.
  const navigation = await app.evaluateHandle(({ webContents }) => {
    const contents = webContents
      .getAllWebContents()
      .find((contents) => contents.getURL().startsWith('app:'))!;
    const isPrevented = new Promise<boolean>((resolve) => {
      contents.once('will-navigate', (event) => resolve(event.defaultPrevented));
    });
    return { isPrevented };
  });
  await goTo(popup.page, 'https://example.com/');
  expect(await navigation.evaluate(({ isPrevented }) => isPrevented)).toBe(true);
  for (const page of [popup.page, signIn]) {
    const before = page.url();
    for (const url of ['file:///etc/passwd', 'data:text/html,x', 'mailto:somebody@example.com']) {
      await goTo(page, url);
      // A page's messages to the browser stay in order, so the app has refused the address before this answer.
      await app.evaluate(() => undefined);
      expect(page.url()).toBe(before);
    }
  }
});

test('14. No page opens a window', async ({ windows: { app, pages } }) => {
  for (const page of pages) {
    expect(await page.evaluate(() => window.open('https://example.com/'))).toBeNull();
    await page.evaluate(() => {
      const link = document.createElement('a');
      Object.assign(link, { href: location.href, target: '_blank' });
      document.body.append(link);
      link.click();
    });
  }
  const count = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  expect(count).toBe(2);
});

/** If one of these addresses reached the operating system, it would start a program, open a file or show another site. */
const DANGEROUS = [
  'file:///etc/passwd',
  'file:\\\\host\\share\\x.exe',
  'ms-msdt:/id PCWDiagnostic',
  'javascript:alert(1)',
  'http://host/x',
  'https://user:password@host/x',
];

base(
  '15. No untrusted address reaches the operating system, not even from a changed file',
  async ({ keyvigil, ribCx }) => {
    await launchSignedIn(keyvigil, cxAccount(ribCx));
    await keyvigil.quit();
    changeStored(keyvigil, 'accounts.json', ({ accounts: [account], ...file }) => ({
      ...file,
      accounts: DANGEROUS.map((explorerAddress, n) => ({
        ...account,
        id: `account-${n}`,
        address: 'https://127.0.0.1:1',
        values: { ...(account?.['values'] as object), explorerAddress },
      })),
    }));
    await keyvigil.launch();
    const { page } = await keyvigil.popup();
    const { accounts } = await snapshotOf(page);
    const answers = await page.evaluate(
      (ids) =>
        Promise.all(
          ids.map((id) => window.keyvigil.request('openExplorer', { id, confirmedHost: 'host' })),
        ),
      accounts.map(({ id }) => id),
    );
    expect(answers.map(({ ok }) => ok)).toEqual(DANGEROUS.map(() => false));
    expect(keyvigil.openedInBrowser()).toEqual([]);
    expect(await keyvigil.clipboard()).toBe('');
  },
);

base(
  '16. A current Electron: one exact version is declared, and any other is named in a banner',
  async ({ keyvigil }) => {
    const declared = await declaredVersion();
    expect(project.devDependencies.electron).toBe(declared);
    await keyvigil.launch({ allowOldElectron: false });
    const { page } = await keyvigil.popup();
    const version = await keyvigil.app.evaluate(() => process.versions.electron);
    const banner = page.getByText(`This is Electron ${version}`);
    await expect(banner).toHaveCount(version === declared ? 0 : 1);
  },
);

test('17. Only the popup’s own page is answered: the same page in another window is refused', async ({
  windows: { app, popup },
}) => {
  const answer = await app.evaluate(
    async ({ BrowserWindow }, webPreferences) => {
      const other = new BrowserWindow({ show: false, webPreferences });
      await other.loadURL('app://keyvigil/index.html');
      const ask = `window.keyvigil.request('snapshot').then(() => 'answered', String)`;
      const answer = (await other.webContents.executeJavaScript(ask)) as string;
      other.destroy();
      return answer;
    },
    { preload: PRELOAD, partition: POPUP_PARTITION },
  );
  expect(answer).toContain('Refused');
  expect((await snapshotOf(popup.page)).accounts).toEqual([]);
});

test('18. No page is a file, and the app’s own protocol serves no other file', async ({
  windows: { app, pages },
}) => {
  for (const page of pages) {
    expect(page.url()).not.toMatch(/^file:/);
    expect(await statusOf(page, 'file:///etc/passwd')).toBeUndefined();
  }
  const [page, ...statuses] = await app.evaluate(
    ({ session }, { partition, paths }) =>
      Promise.all(
        paths.map(async (path) => {
          const served = session.fromPartition(partition).fetch(`app://keyvigil${path}`);
          return (await served.catch(() => undefined))?.status;
        }),
      ),
    { partition: POPUP_PARTITION, paths: ['/index.html', ...NOT_SERVED] },
  );
  expect(page).toBe(200);
  expect(statuses.filter((status) => status === 200)).toEqual([]);
});

const NOT_SERVED = [
  '/../main/index.js',
  '/..%2f..%2fpackage.json',
  '/..%5c..%5cpackage.json',
  '/%2e%2e/%2e%2e/package.json',
  '//etc/passwd',
  '/%00',
  '/',
];

test('20. A page gets three functions of Keyvigil, and nothing of Electron', async ({
  windows: { app, popup, signIn },
}) => {
  const exposed = await popup.page.evaluate(() => {
    const bridge = window.keyvigil as object;
    // If a page could replace a function, it could listen to the calls of other scripts.
    const isFixed = !Reflect.set(bridge, 'request', () => undefined);
    return { names: Object.keys(bridge), isFixed };
  });
  expect(exposed).toEqual({ names: ['request', 'onSnapshot', 'onShow'], isFixed: true });
  const { settings } = await snapshotOf(popup.page);
  const passed = await popup.page.evaluate(
    (settings) =>
      new Promise<unknown[]>((resolve) => {
        window.keyvigil.onSnapshot((...args) => resolve(args));
        void window.keyvigil.request('saveSettings', settings);
      }),
    settings,
  );
  // Only a text is passed: no event, whose `sender` could send any message.
  expect(passed).toEqual([expect.any(String)]);
  expect(await signIn.evaluate(() => 'keyvigil' in window)).toBe(false);
  // The popup's requests use `ipcMain.handle`, which adds no event listener. So no event listener may exist.
  const channels = await app.evaluate(({ ipcMain }) => ipcMain.eventNames().map(String));
  expect(channels.filter((name) => name !== 'error')).toEqual([]);
});

/** This method is not documented, but nothing else shows the preferences that a window really has. */
type Inspected = WebContents & { getLastWebPreferences(): WebPreferences };

function preferences({ app }: Windows): Promise<WebPreferences[]> {
  return app.evaluate(({ webContents }) =>
    webContents
      .getAllWebContents()
      .map((contents) => (contents as Inspected).getLastWebPreferences()),
  );
}

/** @returns the answer's status, or undefined if the page gets no answer */
function statusOf(page: Page, url: string): Promise<number | undefined> {
  return page.evaluate(async (url) => (await fetch(url).catch(() => undefined))?.status, url);
}

function goTo(page: Page, url: string): Promise<void> {
  return page.evaluate((url) => void (location.href = url), url);
}

/** @returns whether a page gets any answer from this address */
function loads(page: Page, url: string): Promise<boolean> {
  return page.evaluate(async (url) => {
    const asImage = new Promise<boolean>((resolve) => {
      const image = new Image();
      image.onload = () => resolve(true);
      image.onerror = () => resolve(false);
      image.src = url;
    });
    const asData = fetch(url, { mode: 'no-cors' }).then(
      () => true,
      () => false,
    );
    return (await asImage) || (await asData);
  }, url);
}

/** @returns the names of the permissions that the page was granted */
function grantedPermissions(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const granted: string[] = [];
    const names = [
      'geolocation',
      'notifications',
      'camera',
      'microphone',
      'clipboard-read',
      'midi',
      'storage-access',
    ];
    for (const name of names) {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      if (state === 'granted') granted.push(name);
    }
    const tries: Readonly<Record<string, () => Promise<unknown>>> = {
      'a notification': async () => {
        const permission = await Notification.requestPermission();
        if (permission !== 'granted') throw new Error(permission);
      },
      'the camera': () => navigator.mediaDevices.getUserMedia({ video: true }),
      'the screen': () => navigator.mediaDevices.getDisplayMedia(),
      'the clipboard': () => navigator.clipboard.readText(),
      'the location': () =>
        new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
    };
    for (const [name, attempt] of Object.entries(tries)) {
      // If an interface is missing, the attempt also throws. The page then has no permission either.
      await Promise.resolve()
        .then(attempt)
        .then(
          () => granted.push(name),
          () => undefined,
        );
    }
    return granted;
  });
}

/**
 * Tries all ways in which a page could run a script that did not come with the app.
 * @returns the ways that worked
 */
function runsForeignScript(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    // Playwright lets the code that it evaluates use `eval` until the code's first pause, so make a pause.
    await new Promise((resolve) => setTimeout(resolve));
    const ran: string[] = [];
    Object.assign(globalThis, { ran });
    const moduleUrl: string = `data:text/javascript,ran.push('import')`;
    const script = document.createElement('script');
    script.textContent = `ran.push('inline script')`;
    document.head.append(script);
    document.body.insertAdjacentHTML('beforeend', `<img src="x:" onerror="ran.push('handler')">`);
    const tries: readonly (() => unknown)[] = [
      () => (0, eval)(`ran.push('eval')`),
      // eslint-disable-next-line @typescript-eslint/no-implied-eval
      () => setTimeout(`ran.push('timer')` as never),
      () => import(moduleUrl),
      () => new Worker(URL.createObjectURL(new Blob([`postMessage('worker')`]))),
    ];
    for (const attempt of tries) {
      try {
        const result = await attempt();
        if (result instanceof Worker) {
          const started = await new Promise<boolean>((resolve) => {
            result.onmessage = () => resolve(true);
            result.onerror = () => resolve(false);
          });
          if (started) ran.push('worker');
        }
      } catch {
        // The page refused this attempt, as it should.
      }
    }
    return ran;
  });
}
