import {
  ActivityLog,
  type Activity,
  type ActivityStore,
} from '../../main/activity/activity-log.ts';
import type { CopyCheck, RequestName } from '../../main/bridge/contract.ts';
import { createHandlers } from '../../main/bridge/handlers.ts';
import { checkLink, type LinkContext } from '../../main/bridge/link-gate.ts';
import { LastDays } from '../../main/bridge/last-days.ts';
import { createOnNotStored } from '../../main/bridge/not-stored.ts';
import { Notices } from '../../main/bridge/notices.ts';
import { ShownAccounts } from '../../main/bridge/shown-accounts.ts';
import { createBridgeServer } from '../../main/bridge/server.ts';
import { snapshotText } from '../../main/bridge/snapshot.ts';
import { SecretCopier } from '../../main/desktop/secret-copier.ts';
import { Scripts } from '../../main/scripts/index.ts';
import { upstreamByFetch } from '../../main/scripts/local-address/upstream.ts';
import { LiveKeys } from '../../main/sessions/live-keys.ts';
import { Prompts } from '../../main/sessions/prompts.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../main/storage/settings.ts';
import { systems } from '../../main/systems/index.ts';
import { createRequestLimit } from '../../main/systems/request-limit.ts';
import type { Fetch } from '../../main/systems/system.ts';
import { startNexusIc, type NexusIc, type User } from '../simulators/nexus-ic.ts';
import { startAccounts, type Accounts } from './account-world.ts';
import { markedRandom, TYPED_MARK } from './canary.ts';
import { MemoryClipboard } from './memory-clipboard.ts';
import { VirtualClock } from './virtual-clock.ts';

/** A user whose secrets are marked, so that tests can search for them. */
export const USER = {
  username: 'engineer1',
  password: `password-${TYPED_MARK}`,
  apiKey: `api-key-${TYPED_MARK}`,
} satisfies User;

/** Everything behind the bridge. The desktop is a fake that only records its calls. */
export interface BridgeWorld {
  readonly accounts: Accounts;
  readonly clock: VirtualClock;
  readonly server: NexusIc;
  /** What reached the operating system, in order: opened addresses, and texts that were copied without a mark as secret. */
  readonly opened: string[];
  readonly copied: string[];
  /** The texts of the files that were written. The app opens the last of them. */
  readonly saved: string[];
  /** The requests to any server other than `server`. */
  readonly sentElsewhere: string[];
  /** @returns the text on the clipboard */
  readonly clipboard: () => string;
  /** Copies a text as another program does. */
  copyElsewhere(text: string): void;
  /** The results of the checks of copied keys. */
  readonly checks: readonly CopyCheck[];
  readonly settings: () => Settings;
  /** The bugs that were reported. */
  readonly reported: unknown[];
  /** Sends a request as the popup's page does. */
  ask(name: RequestName, question: unknown): Promise<unknown>;
}

const PAGE = { url: 'app://keyvigil/index.html', isMainFrame: true };

/** Makes the real bridge over the real list of accounts, with one account that is live on a simulated NEXUS IC. */
export async function createBridgeWorld({
  isDiskFull = false,
}: { readonly isDiskFull?: boolean } = {}): Promise<BridgeWorld> {
  const clock = new VirtualClock();
  const server = await startNexusIc({
    users: [USER],
    random: markedRandom,
    clock,
    listen: false,
    journalLimit: 100,
  });
  const sentElsewhere: string[] = [];
  const fetch: Fetch = (url, init) => {
    if (new URL(url).origin === new URL(server.origin).origin) return server.fetch(url, init);
    // MSAL's own server is real, so it needs a real request.
    if (new URL(url).hostname === '127.0.0.1') return globalThis.fetch(url, init);
    sentElsewhere.push(JSON.stringify([url, init.headers, init.body]));
    return Promise.reject(Object.assign(new Error('No such host.'), { code: 'ENOTFOUND' }));
  };
  const opened: string[] = [];
  const saved: string[] = [];
  const copied: string[] = [];
  const reported: unknown[] = [];
  const logError = (error: unknown) => void reported.push(error);
  async function openLink(address: string, context?: LinkContext): Promise<void> {
    const link = checkLink(address, context);
    if (!link.ok) throw new Error('The gate refused to open a link.');
    opened.push(link.value);
  }
  const prompts = new Prompts({
    openBrowser: openLink,
    openWindow: async () => undefined,
    onChange: () => undefined,
    onReturn: () => undefined,
  });
  let stored: Activity | undefined;
  const activityStore: ActivityStore = {
    load: () => stored,
    save: (changed) => void (stored = changed),
  };
  const activity = new ActivityLog({ open: () => activityStore, clock, logError });
  const accounts = startAccounts({
    clock,
    fetch,
    interaction: (account) => prompts.interactionFor(account),
    observer: () => activity,
  });
  let settings: Settings = DEFAULT_SETTINGS;
  const settingsStore = {
    get: () => settings,
    save(changed: Settings) {
      settings = changed;
      if (isDiskFull) throw new Error('ENOSPC: no space left on device');
    },
  };
  const clipboard = new MemoryClipboard();
  const copier = new SecretCopier(clipboard, clock, logError);
  const notices = new Notices();
  const keys = new LiveKeys(clock);
  const checks: CopyCheck[] = [];
  // The scripts are not started, because they would listen on a port.
  const scripts = new Scripts({
    accounts: accounts.list,
    shown: () => shownAccounts.all,
    keys,
    copier,
    settings: settingsStore,
    notices,
    activity,
    upstream: upstreamByFetch(fetch),
    openPopup: () => undefined,
    version: '0.1.0',
    profile: '',
    env: {},
    platform: 'linux',
    clock,
    logError,
  });
  const keylessFormats = scripts.keylessFormats.bind(scripts);
  const shownAccounts = new ShownAccounts({
    accounts: accounts.list,
    settings: settingsStore,
    clock,
    onChange: () => undefined,
  });
  const lastDays = new LastDays(activity, clock);
  const handlers = createHandlers({
    systems,
    accounts: accounts.list,
    keys,
    copier,
    onCheck: (_account, check) => void checks.push(check),
    settings: settingsStore,
    keylessFormats,
    prompts,
    notices,
    onNotStored: createOnNotStored(notices, logError),
    activity,
    services: () => ({ fetch, limit: createRequestLimit(), clock, timeLimitMs: 15_000 }),
    clock,
    shownAccounts,
    product: { version: '0.1.0', runtime: 'Electron', platform: 'Linux' },
    desktop: {
      openLink,
      copyText: async (text) => void copied.push(text),
      fitPopup: () => undefined,
      keepPopupAlive: () => undefined,
      closePopup: () => undefined,
      quit: () => undefined,
      saveFile: async (_name, text) => {
        saved.push(text);
        return true;
      },
      openFile: async () => saved.at(-1),
      readLicenses: async () => 'svelte 5.0.0 (MIT)\n\nThe MIT License',
      applySettings: () => ({ ok: true, value: undefined }),
    },
    snapshot: () =>
      snapshotText({
        shownAccounts,
        prompts,
        notices,
        settings: settingsStore,
        clock,
        lastDays,
        keylessFormats,
        fixed: { canLaunchAtLogin: true, canUpdate: false, canRemember: true, version: '0.1.0' },
      }),
    onChange: () => undefined,
  });
  const answer = createBridgeServer({ ...handlers, ...scripts.handlers }, logError);
  await accounts.add({
    system: 'nexus-ic',
    name: 'Plant model',
    address: server.baseUrl,
    method: 'password',
    values: { userName: USER.username, password: USER.password },
    remember: true,
    keepAliveMinutes: 8,
  });
  return {
    accounts,
    clock,
    server,
    opened,
    saved,
    copied,
    sentElsewhere,
    reported,
    clipboard: () => clipboard.text,
    copyElsewhere: (text) => void (clipboard.text = text),
    checks,
    settings: () => settings,
    ask: (name, question) => answer(PAGE, name, question),
  };
}
