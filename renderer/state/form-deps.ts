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
  /** The names of the accounts, so that none is suggested again. */
  readonly takenNames: readonly string[];
  /** The values of the other accounts, which are offered while typing. */
  readonly knownValues: Answer<'knownValues'>;
  /** Undefined for a new account. */
  readonly edited?: { readonly id: string } & EditableAccount;
  /** What a new account begins with. */
  readonly template?: AccountForm;
  /** The account with this id is saved. */
  readonly onDone: (id: string) => void;
  readonly onClose: () => void;
}
