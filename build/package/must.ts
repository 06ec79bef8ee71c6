import { Problem } from '../runtime/report.ts';
import { run } from '../runtime/run.ts';

/**
 * @returns what the command printed
 * @throws Problem if the command fails
 */
export async function must(
  command: string,
  args: string[],
  options: Parameters<typeof run>[2] = {},
): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, options);
  if (status === 0) return stdout;
  throw new Problem(`${command} failed (${status}):\n${stderr.trim() || stdout.trim()}`);
}
