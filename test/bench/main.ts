/**
 * Measures on this machine what Keyvigil promises, and fails if a limit is not kept. A machine that is busy with other things
 * gives worse figures.
 *
 *     npm run bench               everything
 *     npm run bench -- scripts    what scripts wait for
 */
import { availableParallelism, loadavg } from 'node:os';
import { Problem, script } from '../../build/runtime/report.ts';
import { benchCommand } from './command.ts';
import { isMet, toLine, type Figure } from './figure.ts';
import { benchLocalAddress } from './local-address.ts';

const BENCHES: Readonly<Record<string, readonly (() => Promise<readonly Figure[]>)[]>> = {
  scripts: [benchCommand, benchLocalAddress],
};

await script(async () => {
  const chosen = process.argv.slice(2);
  const unknown = chosen.find((name) => !Object.hasOwn(BENCHES, name));
  if (unknown !== undefined) {
    throw new Problem(
      `There is no bench "${unknown}"; there is ${Object.keys(BENCHES).join(', ')}.`,
    );
  }
  console.log(`${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}`);
  const names = chosen.length > 0 ? chosen : Object.keys(BENCHES);
  for (const bench of names.flatMap((name) => BENCHES[name]!)) {
    for (const figure of await bench()) {
      console.log(toLine(figure));
      if (!isMet(figure)) process.exitCode = 1;
    }
  }
});
