import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Makes V8 return unused memory to the system at once, instead of after minutes. Takes about 40 ms. */
export function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('globalThis.gc') as ((options: object) => void) | undefined;
  gc?.({ type: 'major', flavor: 'last-resort' });
}
