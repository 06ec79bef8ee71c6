import { Commands, type CommandDeps } from './commands.ts';
import { listenToCommands, type CommandSocketDeps } from './command-socket.ts';

/** Answers the command `keyvigil` until the returned function is called. */
export function serveCommands(
  deps: CommandDeps & Omit<CommandSocketDeps, 'run'>,
): Promise<() => void> {
  const commands = new Commands(deps);
  return listenToCommands({ ...deps, run: (words, signal) => commands.run(words, signal) });
}
