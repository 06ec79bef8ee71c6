import { failed, success } from '../result.ts';
import type { AccountForm } from '../sessions/account-form.ts';
import { previewImport, readAccountFile, toAccountFile } from './account-file.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { Handlers } from './server.ts';

type FileHandlers = Pick<Handlers, 'exportAccounts' | 'chooseImport' | 'importAccounts'>;

/** Writes accounts to a file, and reads them from one, without secrets. */
export function createFileHandlers({
  systems,
  accounts,
  shownAccounts,
  desktop,
}: Pick<HandlerDeps, 'systems' | 'accounts' | 'shownAccounts' | 'desktop'>): FileHandlers {
  // The page only confirms the preview that it has shown, so the accounts themselves stay here.
  let chosenImport: readonly AccountForm[] = [];
  const preview = (forms: readonly AccountForm[]) =>
    previewImport(
      forms,
      shownAccounts.all.map(({ saved }) => saved),
      systems,
    );
  return {
    async exportAccounts() {
      const text = toAccountFile(shownAccounts.all.map(({ saved }) => saved));
      return desktop.saveFile('keyvigil-accounts.json', text);
    },
    async chooseImport() {
      chosenImport = [];
      const text = await desktop.openFile();
      if (text === undefined) return success([]);
      const reading = readAccountFile(text);
      if (!reading.ok) return failed({ message: reading.error });
      const shown = preview(reading.value);
      chosenImport = reading.value.filter((_, index) => shown[index]?.change === 'new');
      return success([...shown]);
    },
    importAccounts() {
      // Since the choice, an account may have come back because its removal was undone.
      const now = preview(chosenImport);
      const forms = chosenImport.filter((_, index) => now[index]?.change === 'new');
      chosenImport = [];
      // The message about the import replaces *Undo*. An undo after this would bring back the same account a second time.
      if (forms.length > 0) shownAccounts.finishRemovals();
      return accounts.addSignedOut(forms);
    },
  };
}
