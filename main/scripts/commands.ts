import { duration, stateWords } from '../bridge/state-words.ts';
import { SECOND_MS, toWallTime, type Clock } from '../clock.ts';
import { inEnglish } from '../messages/language.ts';
import { failed, success, type Result } from '../result.ts';
import type { AccountList } from '../sessions/account-list.ts';
import type { Account } from '../sessions/account.ts';
import { parseCommand, type Command } from './command-line.ts';
import { completions } from './completions.ts';
import { findAccount } from './find-account.ts';
import { environmentOf, printKey, type PrintFormat, type PrintedKey } from './printed-key.ts';
import type { LiveKeys } from '../sessions/live-keys.ts';
import { problemOf } from '../sessions/session.ts';
import { onOneLine, printed, refused, STATUS, type Reply } from './reply.ts';

/** How long a command waits for a server. The command's own script gives up 20 s later. */
const MAX_ASKING_MS = 100 * SECOND_MS;

export interface CommandDeps {
  readonly accounts: AccountList;
  /** The accounts that scripts see: not a removed one, even while its removal can be undone. */
  readonly shown: () => readonly Account[];
  readonly keys: LiveKeys;
  readonly clock: Clock;
  readonly version: string;
  /** Called at each use of an account. */
  readonly onUse: (id: string) => void;
  /** Opens the popup, at this account if one is given. */
  readonly openPopup: (account?: Account) => void;
}

/** Runs the commands of `keyvigil`. Only `open` opens a window, and no command asks the user. */
export class Commands {
  readonly #deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.#deps = deps;
  }

  /** @param signal aborts when the script has ended */
  async run(words: readonly string[], signal: AbortSignal): Promise<Reply> {
    if (words[0] === 'complete') return printed(this.#complete(words.slice(1)));
    const command = parseCommand(words);
    if (!command.ok) return refused(STATUS.usage, command.error);
    switch (command.value.name) {
      case 'version':
        return printed(`Keyvigil ${this.#deps.version}`);
      case 'open':
        return this.#open(command.value.account);
      case 'list':
        return printed(this.#list(command.value.isJson));
      default: {
        const account = this.#usable(command.value.account);
        return account.ok ? this.#use(account.value, command.value, signal) : account.error;
      }
    }
  }

  #open(name: string | undefined): Reply {
    const found = name === undefined ? undefined : this.#find(name);
    if (found?.ok === false) return found.error;
    this.#deps.openPopup(found?.value);
    return { status: STATUS.fine };
  }

  /** Completes the last word for a shell, with one suggestion on each line. */
  #complete([, ...words]: readonly string[]): string {
    const names = this.#deps.shown().map(({ saved }) => onOneLine(saved.name));
    return completions(words, names).join('\n');
  }

  #find(name: string): Result<Account, Reply> {
    const found = findAccount(this.#deps.shown(), name);
    return found.ok ? found : failed(refused(STATUS.noSuchAccount, found.error));
  }

  /** An account that the user has turned on for scripts. */
  #usable(name: string): Result<Account, Reply> {
    const found = this.#find(name);
    if (!found.ok) return found;
    const { id, name: ownName, scripts } = found.value.saved;
    if (!scripts.mayUseCommand) {
      const error = `Scripts may not use "${ownName}". Turn it on in Keyvigil: details of the account, Scripts.`;
      return failed(refused(STATUS.notTurnedOn, error));
    }
    this.#deps.onUse(id);
    return found;
  }

  async #use(
    account: Account,
    command: Extract<Command, { account: string }>,
    signal: AbortSignal,
  ): Promise<Reply> {
    switch (command.name) {
      case 'key': {
        const key = await this.#key(account, command.isStaleOk);
        return key.ok ? keyReply(account, key.value, command.format) : key.error;
      }
      case 'run': {
        const key = await this.#key(account, false);
        if (!key.ok) return key.error;
        return { status: STATUS.fine, environment: environmentOf(account, key.value.key) };
      }
      case 'status':
        return this.#stateReply(
          await this.#settled(account, command.waitSeconds * SECOND_MS, signal),
        );
      case 'verify': {
        const isDone = await this.#inTime(account.verify());
        return isDone ? this.#stateReply(this.#current(account)) : noAnswer(account);
      }
      case 'sign-out': {
        const isDone = await this.#inTime(account.signOut().then(() => true));
        if (!isDone) return noAnswer(account);
        const { session } = account;
        const problem = session.state === 'signed-out' ? session.problem : undefined;
        return {
          ...printed(`Signed out of "${onOneLine(account.saved.name)}".`),
          ...(problem !== undefined && { error: problem }),
        };
      }
    }
  }

  /** The account's key, verified or renewed now unless it was verified in the last 30 s. */
  async #key(account: Account, isStaleOk: boolean): Promise<Result<PrintedKey, Reply>> {
    const { keys, clock } = this.#deps;
    const result = await this.#inTime(keys.getVerified(account));
    if (!result) return failed(noAnswer(account));
    const toWall = toWallTime(clock);
    if (result.ok) {
      const { key, verifiedAt } = result.value;
      return success({ key, verifiedAt: toWall(verifiedAt), isStale: false });
    }
    const { kind, message } = result.error;
    const { sessionKey } = account;
    if (kind === 'offline' && isStaleOk && sessionKey) {
      const { key, verifiedAt } = sessionKey;
      return success({ key, verifiedAt: toWall(verifiedAt), isStale: true });
    }
    const { name } = account.saved;
    return failed(
      kind === 'offline'
        ? refused(STATUS.offline, `"${name}" is offline: ${message}`)
        : refused(STATUS.signInNeeded, `"${name}" needs you to sign in: ${message}`),
    );
  }

  /**
   * Waits until the account is live or needs its user, the time is over, or the script has ended.
   * @returns the account; if it was edited during the wait, the edited one
   */
  async #settled(account: Account, ms: number, signal: AbortSignal): Promise<Account> {
    const { accounts, clock } = this.#deps;
    if (ms === 0) return account;
    // A session that rests would never become live.
    account.use();
    if (isSettled(account) || signal.aborted) return account;
    await new Promise<void>((resolve) => {
      const end = () => {
        cancelTimer();
        stopListening();
        signal.removeEventListener('abort', end);
        resolve();
      };
      const cancelTimer = clock.setTimer(ms, end);
      const stopListening = accounts.onChange(() => isSettled(this.#current(account)) && end());
      signal.addEventListener('abort', end);
    });
    return this.#current(account);
  }

  /** Finds the account again: an edit replaces the `Account`. */
  #current(account: Account): Account {
    return this.#deps.accounts.all.find(({ saved }) => saved.id === account.saved.id) ?? account;
  }

  /** @returns undefined if the task takes too long */
  async #inTime<T>(task: Promise<T>): Promise<T | undefined> {
    let cancel = () => {};
    const tooLong = new Promise<undefined>((resolve) => {
      cancel = this.#deps.clock.setTimer(MAX_ASKING_MS, () => resolve(undefined));
    });
    return Promise.race([task, tooLong]).finally(cancel);
  }

  #stateReply(account: Account): Reply {
    const { session } = account;
    const problem = problemOf(session);
    return {
      status: statusOf(session.state),
      output: this.#stateWords(account),
      ...(problem !== undefined && { error: problem }),
    };
  }

  #stateWords({ session, sessionKey }: Account): string {
    const words = [inEnglish(() => stateWords(session.state))];
    if (session.state === 'live' && sessionKey) {
      words.push(`verified ${this.#ago(sessionKey.verifiedAt)}`);
    }
    return words.join(', ');
  }

  #ago(time: number): string {
    const passed = Math.max(0, this.#deps.clock.now() - time);
    return `${inEnglish(() => duration(passed))} ago`;
  }

  #list(isJson: boolean): string {
    const { clock } = this.#deps;
    const shown = this.#deps.shown();
    const toWall = toWallTime(clock);
    if (isJson) {
      const accounts = shown.map(({ saved, system, session, sessionKey }) => ({
        id: saved.id,
        name: saved.name,
        system: system.name,
        address: saved.address,
        state: session.state,
        verifiedAt: sessionKey ? new Date(toWall(sessionKey.verifiedAt)).toISOString() : null,
        scripts: saved.scripts.mayUseCommand,
      }));
      return JSON.stringify({ version: 1, accounts }, null, 2);
    }
    const rows = shown.map(({ saved, system, session, sessionKey }) => [
      onOneLine(saved.name),
      system.name,
      inEnglish(() => stateWords(session.state)),
      sessionKey ? this.#ago(sessionKey.verifiedAt) : '–',
      saved.scripts.mayUseCommand ? 'on' : 'off',
    ]);
    return table([['NAME', 'SYSTEM', 'STATE', 'VERIFIED', 'SCRIPTS'], ...rows]);
  }
}

function keyReply(account: Account, key: PrintedKey, format: PrintFormat): Reply {
  const text = printKey(account, key, format);
  if (!text.ok) return refused(STATUS.usage, text.error);
  const warning = `"${account.saved.name}" is offline, so this key may have expired.`;
  return { ...printed(text.value), ...(key.isStale && { error: warning }) };
}

function noAnswer({ saved: { name } }: Account): Reply {
  const seconds = MAX_ASKING_MS / SECOND_MS;
  return refused(STATUS.offline, `The server of "${name}" has not answered for ${seconds} s.`);
}

/** Whether `--wait` may stop waiting: the account is live, or needs its user. */
const isSettled = ({ session: { state } }: Account): boolean =>
  state === 'live' || state === 'sign-in-needed' || state === 'signed-out';

function statusOf(state: Account['session']['state']) {
  switch (state) {
    case 'live':
      return STATUS.fine;
    case 'renewing':
    case 'offline':
      return STATUS.offline;
    case 'signed-out':
    case 'signing-in':
    case 'sign-in-needed':
      return STATUS.signInNeeded;
  }
}

/** Columns with two blanks between them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
