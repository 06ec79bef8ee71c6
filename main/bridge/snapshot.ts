import * as v from 'valibot';
import { toWallTime, type Clock } from '../clock.ts';
import { getLocale } from '../messages/index.ts';
import type { Prompts } from '../sessions/prompts.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { CopyDeps } from './copy-key.ts';
import type { LastDays } from './last-days.ts';
import type { Notices } from './notices.ts';
import type { ShownAccounts } from './shown-accounts.ts';
import { Snapshot } from './shapes.ts';
import { accountView } from './views.ts';

export interface SnapshotDeps {
  readonly shownAccounts: ShownAccounts;
  readonly prompts: Prompts;
  readonly notices: Notices;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly lastDays: LastDays;
  readonly keylessFormats: CopyDeps['keylessFormats'];
  readonly fixed: Pick<Snapshot, 'canLaunchAtLogin' | 'canUpdate' | 'canRemember' | 'version'>;
}

const toText = v.parser(v.pipe(Snapshot, v.stringifyJson()));

/** Everything that the popup shows now, as JSON. */
export const snapshotText = (deps: SnapshotDeps): string => toText(takeSnapshot(deps));

function takeSnapshot(deps: SnapshotDeps): Snapshot {
  const { shownAccounts, prompts, notices, settings, clock, lastDays, keylessFormats, fixed } =
    deps;
  const toWall = toWallTime(clock);
  return {
    accounts: shownAccounts.all.map((account) => ({
      ...accountView(account, toWall, keylessFormats(account)),
      lastDay: lastDays.of(account.saved.id),
    })),
    prompts: prompts.all.map((prompt) => ({ ...prompt, expiresAt: toWall(prompt.expiresAt) })),
    notices: notices.all,
    locale: getLocale(),
    settings: settings.get(),
    ...fixed,
  };
}
