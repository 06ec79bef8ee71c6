import { GRAMMAR, isCommandName, OPTIONS_WITH_VALUE } from './command-line.ts';
import { PRINT_FORMATS } from './printed-key.ts';

const FOR_ALL = ['--start', '--help'];

/**
 * The suggestions for the last word, for completion in a shell.
 * @param words what was typed after `keyvigil`
 */
export function completions(words: readonly string[], names: readonly string[]): readonly string[] {
  // After `--` comes a program, which the shell completes.
  if (words.includes('--')) return [];
  const before = words.slice(0, -1);
  // The word may contain quotes and backslashes, as it was typed.
  const typed = (words.at(-1) ?? '').replace(/["'\\]/g, '').toLowerCase();
  const fits = (candidate: string) => candidate.toLowerCase().startsWith(typed);
  return candidates(before, names).filter(fits);
}

function candidates(before: readonly string[], names: readonly string[]): readonly string[] {
  const previous = before.at(-1);
  if (previous === '--format') return PRINT_FORMATS;
  if (previous === '--wait') return [];
  const isValue = (index: number) => OPTIONS_WITH_VALUE.includes(before[index - 1] ?? '');
  const [command = '', ...rest] = before.filter(
    (word, index) => !word.startsWith('-') && !isValue(index),
  );
  if (command === '') return [...Object.keys(GRAMMAR), '--version', ...FOR_ALL];
  if (!isCommandName(command)) return [];
  const { account, options = [] }: { account: string; options?: readonly string[] } =
    GRAMMAR[command];
  const isNameMissing = account !== 'none' && rest.length === 0;
  return [
    ...(isNameMissing ? names : []),
    ...(command === 'run' && !isNameMissing ? ['--'] : []),
    ...options.map((option) => `--${option}`),
    ...FOR_ALL,
  ];
}
