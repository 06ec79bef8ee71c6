import type {
  AccountForm,
  Answer,
  EditableAccount,
  SystemView,
} from '../../main/bridge/contract.ts';
import type { Ask } from './main-process.svelte.ts';

export type Field = SystemView['methods'][number]['fields'][number];

/** What the form that adds or edits an account needs. */
export interface FormDeps {
  readonly ask: Ask;
  readonly systems: readonly SystemView[];
  readonly canRemember: boolean;
  /** The names of all accounts. The form suggests none of them. */
  readonly takenNames: readonly string[];
  /** The values of the other accounts, which the form suggests while the user types. */
  readonly knownValues: Answer<'knownValues'>;
  /** Undefined for a new account. */
  readonly edited?: { readonly id: string } & EditableAccount;
  /** The values with which a new account begins. */
  readonly template?: AccountForm;
  /** Called after the account with this id is saved. */
  readonly onDone: (id: string) => void;
  readonly onClose: () => void;
}
