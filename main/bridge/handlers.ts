import type { ActivityLog } from '../activity/activity-log.ts';
import { heldBy } from '../sessions/session.ts';
import type { Keeper } from '../sessions/keeper.ts';
import type { KeyCopier } from '../sessions/key-copier.ts';
import type { Prompts } from '../sessions/prompts.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { System } from '../systems/system.ts';
import { activityView } from './activity-view.ts';
import type { Result, Settings, Snapshot } from './contract.ts';
import type { Notices } from './notices.ts';
import { activityReport, type Product } from './report.ts';
import type { Handlers } from './server.ts';
import { editableAccount, isInsecure, systemView } from './views.ts';

/** What only the desktop can do. */
export interface Desktop {
  openInBrowser(url: string): Promise<void>;
  /** Puts a text that is not secret on the clipboard, where it stays. */
  copyText(text: string): Promise<void>;
  fitPopup(height: number): void;
  holdPopup(hold: boolean): void;
  closePopup(): void;
  quit(): void;
  /** Takes over what concerns the operating system. */
  applySettings(settings: Settings): void;
}

export interface HandlerParts {
  readonly systems: readonly System[];
  readonly keeper: Keeper;
  readonly copier: KeyCopier;
  readonly prompts: Prompts;
  readonly settings: SettingsStore;
  readonly notices: Notices;
  readonly activity: ActivityLog;
  readonly product: Product;
  readonly desktop: Desktop;
  readonly snapshot: () => Snapshot;
  readonly changed: () => void;
}

const done = { ok: true as const, value: undefined };
const problem = (message: string) => ({ ok: false as const, problem: { message } });

/** What each of the renderer's requests does. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { systems, keeper, copier, prompts, settings, notices, desktop, activity } = parts;
  return {
    snapshot: parts.snapshot,
    systems: () => systems.map(systemView),
    readAddress({ system: id, address: typed }) {
      const reading = systems.find((system) => system.id === id)?.readAddress(typed);
      if (!reading?.ok) {
        const message = reading?.problem ?? 'Keyvigil does not know this system.';
        return { ok: false, problem: { message, field: 'address' } };
      }
      const { address } = reading;
      return { ok: true, value: { address, insecure: isInsecure(address) } };
    },

    checkField: ({ system, method, field, value }) =>
      systems
        .find(({ id }) => id === system)
        ?.methods.find(({ id }) => id === method)
        ?.fields.find(({ id }) => id === field)
        ?.problem?.(value.trim()),

    async addAccount(form) {
      const added = await keeper.add(form);
      return added.ok ? { ok: true, value: { id: added.value } } : added;
    },
    cancelSignIn: () => keeper.cancelSignIn(),
    editableAccount: ({ id }) => editableAccount(keeper.account(id)),
    saveAccount: ({ id, form }) => keeper.edit(id, form),
    removeAccount: ({ id }) => keeper.remove(id),

    signIn: ({ id, values }) => keeper.signIn(id, values),
    async signOut({ id }) {
      await keeper.account(id).signOut();
      return done;
    },
    async verify({ id }) {
      const outcome = await keeper.account(id).verify();
      return outcome.ok ? outcome : problem(outcome.failure.message);
    },
    listing({ id }) {
      const { listing } = keeper.account(id);
      return listing && { label: listing.label, items: [...listing.items] };
    },
    activity: ({ id }) => activityView(activity.timelineOf(id)),
    async copyReport({ id }) {
      const timeline = activity.timelineOf(id);
      await desktop.copyText(activityReport(parts.product, keeper.account(id), timeline));
    },
    openPromptPage: () => prompts.openPage(),
    async copyPromptCode() {
      const { current } = prompts;
      if (current?.kind !== 'device-code') return;
      await copier.copy(current.code, settings.get().clearClipboardSeconds);
    },
    copy: ({ id, format }) => copyKey(parts, id, format),
    async openExplorer({ id }) {
      const { client } = keeper.account(id);
      const { address, pasteKey } = client.explorer();
      const copied = pasteKey ? await copyKey(parts, id) : undefined;
      if (copied?.ok === false) return copied;
      await desktop.openInBrowser(address);
      const message = copied
        ? `Opened in your browser. The key is on the clipboard for ${copied.value.clearsInSeconds} s: paste it there.`
        : 'Opened in your browser.';
      return { ok: true, value: { message } };
    },

    saveSettings(changed) {
      settings.save(changed);
      desktop.applySettings(changed);
      parts.changed();
    },
    dismissNotice: ({ id }) => notices.dismiss(id),
    fitPopup: ({ height }) => desktop.fitPopup(height),
    holdPopup: ({ hold }) => desktop.holdPopup(hold),
    closePopup: () => desktop.closePopup(),
    quit: () => desktop.quit(),
  };
}

/** Puts an account's key on the clipboard; the key itself goes nowhere else. */
export async function copyKey(
  { keeper, copier, settings }: Pick<HandlerParts, 'keeper' | 'copier' | 'settings'>,
  id: string,
  format?: string,
): Promise<Result<{ clearsInSeconds: number; warning?: string }>> {
  const { session, client } = await keeper.settled(id);
  const held = heldBy(session);
  if (held === undefined) {
    return problem(
      session.state === 'renewing'
        ? 'The session is just being renewed. Try again in a moment.'
        : 'There is no session key to copy. Sign in first.',
    );
  }
  const as = format && client.copyFormats().find(({ id }) => id === format);
  const clearsInSeconds = settings.get().clearClipboardSeconds;
  await copier.copy(as ? as.text(held.key) : held.key, clearsInSeconds);
  const warning =
    session.state === 'live'
      ? undefined
      : 'The server cannot be asked just now: this key may have died meanwhile.';
  return { ok: true, value: { clearsInSeconds, ...(warning && { warning }) } };
}
