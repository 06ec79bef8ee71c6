import type { Clock } from '../clock.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { Prompts } from '../sessions/prompts.ts';
import type { SettingsStore } from '../storage/settings.ts';
import type { Snapshot } from './contract.ts';
import type { Notices } from './notices.ts';
import { accountView } from './views.ts';

export interface SnapshotDeps {
  readonly accounts: AccountList;
  readonly prompts: Prompts;
  readonly notices: Notices;
  readonly settings: SettingsStore;
  readonly clock: Clock;
  readonly fixed: Pick<Snapshot, 'canLaunchAtLogin' | 'canUpdate' | 'canRemember' | 'version'>;
}

/** Everything that the popup shows, at this moment. */
export function takeSnapshot(deps: SnapshotDeps): Snapshot {
  const { accounts, prompts, notices, settings, clock, fixed } = deps;
  const wallAhead = clock.wall() - clock.now();
  const toWall = (time: number) => time + wallAhead;
  return {
    accounts: accounts.all.map((account) => accountView(account, toWall)),
    prompts: prompts.all.map((prompt) => ({ ...prompt, expiresAt: toWall(prompt.expiresAt) })),
    notices: notices.all,
    settings: settings.get(),
    ...fixed,
  };
}
