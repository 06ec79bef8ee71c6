/**
 * Everything that passes between the renderer and the main process: each request with the schemas of its question and its
 * answer, and the snapshot that follows every change. No answer contains a session key or a stored secret.
 */
import * as v from 'valibot';
import { ScriptAccess } from '../sessions/saved-account.ts';
import { Settings } from '../storage/settings.ts';
import {
  About,
  AccountForm,
  ActivityView,
  CopyCheck,
  EditableAccount,
  Id,
  ImportedAccount,
  KnownValues,
  Nothing,
  Problem,
  ProductPage,
  SystemView,
  Text,
  Values,
} from './shapes.ts';

/** An answer that is either a value, or a problem that the user can solve. A bug rejects the promise instead. */
const result = <T extends v.GenericSchema>(value: T) =>
  v.variant('ok', [
    v.object({ ok: v.literal(true), value }),
    v.object({ ok: v.literal(false), error: Problem }),
  ]);

const request = <Q extends v.GenericSchema, A extends v.GenericSchema>(question: Q, answer: A) => ({
  question,
  answer,
});

export const requests = {
  /** The snapshot as JSON, because Electron's context bridge copies an object value by value, but a text at once. */
  snapshot: request(Nothing, v.string()),
  systems: request(Nothing, v.array(SystemView)),
  /** Reads a typed address, without using the network. */
  readAddress: request(
    v.object({ system: Id, method: Id, address: Text }),
    result(
      v.object({
        address: v.string(),
        isInsecure: v.boolean(),
        /** The method may sign in at this address only if the user trusts this host. */
        hostToTrust: v.optional(v.string()),
      }),
    ),
  ),
  /** Checks, without credentials, that the server is this system. */
  askServer: request(v.object({ system: Id, address: Text }), v.boolean()),
  /** The other accounts' values of fields that are not secret, by system, then by field or `address`. */
  knownValues: request(v.object({ except: v.optional(Id) }), KnownValues),
  /** What is wrong with a value that is not secret; undefined if nothing is wrong. */
  checkField: request(
    v.object({ system: Id, method: Id, field: Id, value: Text }),
    v.optional(v.string()),
  ),

  /** Signs in, and saves the account only if the sign-in succeeds. The popup chooses the id, so that it can cancel the sign-in. */
  addAccount: request(
    v.object({ id: v.pipe(v.string(), v.uuid()), form: AccountForm }),
    result(Nothing),
  ),
  /** Cancels the sign-in of this account that `addAccount`, `saveAccount` or `signIn` waits for. */
  cancelSignIn: request(v.object({ id: Id }), Nothing),
  editableAccount: request(v.object({ id: Id }), EditableAccount),
  /** Saves the form, after a new sign-in if the change needs one. */
  saveAccount: request(v.object({ id: Id, form: AccountForm }), result(Nothing)),
  /** Removes the account. For some seconds, `undoRemove` restores the account as it was. */
  removeAccount: request(v.object({ id: Id }), Nothing),
  /** False if it was too late, and the account is gone. */
  undoRemove: request(v.object({ id: Id }), v.boolean()),
  /** Writes all accounts into a file that the user chooses, without secrets. False if the user has cancelled. */
  exportAccounts: request(Nothing, v.boolean()),
  /** Lets the user choose an exported file, and says what an import would do with each account. Empty if the user has cancelled. */
  chooseImport: request(Nothing, result(v.array(ImportedAccount))),
  /**
   * Adds the new accounts of the file that was chosen last.
   * @returns how many were added
   */
  importAccounts: request(Nothing, v.number()),

  /** Uses the stored credentials if `values` is missing. */
  signIn: request(v.object({ id: Id, values: v.optional(Values) }), result(Nothing)),
  signOut: request(v.object({ id: Id }), result(Nothing)),
  /** `renewed`: the session had expired, and the key is a new one. */
  verify: request(v.object({ id: Id }), result(v.object({ renewed: v.boolean() }))),
  /** Copies the key, in the named format if there is one. `isChecking`: `copyCheck` will say whether the key works. */
  copy: request(
    v.object({ id: Id, format: v.optional(Id) }),
    result(v.object({ clearsInSeconds: v.number(), isChecking: v.boolean() })),
  ),
  /** Answers when the account's last copied key was checked. */
  copyCheck: request(v.object({ id: Id }), v.optional(CopyCheck)),
  /** What the account's key gives access to; undefined until *Verify now*, or if the system has no such list. */
  listing: request(
    v.object({ id: Id }),
    v.optional(v.object({ label: v.string(), items: v.array(v.string()) })),
  ),
  /** What *Copy* copies from now on; without a format, the key itself. */
  setCopyFormat: request(v.object({ id: Id, format: v.optional(Id) }), Nothing),
  pinAccount: request(v.object({ id: Id, pinned: v.boolean() }), Nothing),
  /** Moves an account before the account `before`, or to the end. */
  moveAccount: request(v.object({ id: Id, before: v.optional(Id) }), Nothing),
  setScriptAccess: request(v.object({ id: Id, scripts: ScriptAccess }), Nothing),
  /** Copies the account's local address, which is a secret. */
  copyLocalAddress: request(
    v.object({ id: Id }),
    result(v.object({ clearsInSeconds: v.number() })),
  ),
  /** Replaces the account's local address. */
  renewLocalAddress: request(v.object({ id: Id }), v.boolean()),
  activity: request(v.object({ id: Id }), ActivityView),
  /** Copies what happened to an account, as text for a support mail. */
  copyReport: request(v.object({ id: Id }), v.boolean()),
  /** Opens the page of the account's prompt again. */
  openPromptPage: request(v.object({ id: Id }), Nothing),
  copyPromptCode: request(v.object({ id: Id }), v.boolean()),
  /** `hostToConfirm`: nothing was opened or copied. If the user agrees to this host, send this again with `confirmedHost`. */
  openExplorer: request(
    v.object({ id: Id, confirmedHost: v.optional(v.string()) }),
    result(v.object({ message: v.optional(v.string()), hostToConfirm: v.optional(v.string()) })),
  ),

  /** For the page *About*, which sends this request when it opens. */
  about: request(Nothing, About),
  openProductPage: request(v.object({ page: ProductPage }), Nothing),

  /** Fails if this computer does not allow one of the changes. Then nothing has changed. */
  saveSettings: request(Settings, result(Nothing)),
  dismissNotice: request(v.object({ id: Id }), Nothing),
  /** Fits the window to its content, in CSS pixels. */
  fitPopup: request(
    v.object({ height: v.pipe(v.number(), v.minValue(1), v.maxValue(5000)) }),
    Nothing,
  ),
  /** Keeps the closed popup in memory. A user who left to fetch an API key, or to find a file, then goes on where they were. */
  keepPopupAlive: request(v.object({ keep: v.boolean() }), Nothing),
  closePopup: request(Nothing, Nothing),
  quit: request(Nothing, Nothing),
} as const;

type Requests = typeof requests;
export type RequestName = keyof Requests;
export type Question<N extends RequestName> = v.InferOutput<Requests[N]['question']>;
export type Answer<N extends RequestName> = v.InferOutput<Requests[N]['answer']>;

/** The screen that the tray, a notification or the command `keyvigil open` asks for. */
export type WantedScreen =
  { readonly name: 'add-account' } | { readonly name: 'row' | 'details'; readonly id: string };

export type {
  About,
  AccountBrief,
  AccountForm,
  AccountView,
  ActivityView,
  CopyCheck,
  EditableAccount,
  ImportedAccount,
  Notice,
  Problem,
  SessionState,
  Snapshot,
  SystemView,
} from './shapes.ts';
export type { ScriptAccess, Settings, SignInPrompt } from './shapes.ts';
export type { Result } from '../result.ts';

/** What the preload puts on `window.keyvigil`. */
export interface Bridge {
  request<N extends RequestName>(name: N, question: Question<N>): Promise<Answer<N>>;
  /** Calls `listener` with each new snapshot, as JSON, until the returned function is called. */
  onSnapshot(listener: (text: string) => void): () => void;
  /** Calls `listener` when the tray, a notification or the command asks for a screen. */
  onShow(listener: (wanted: WantedScreen) => void): () => void;
}
