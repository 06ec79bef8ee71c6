import { Problem } from '../runtime/report.ts';

/** @throws Problem unless `next` is later than `current` and has three numbers; Keyvigil has no previews */
export function checkVersion(current: string, next: string): void {
  if (!/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(next)) {
    throw new Problem(`"${next}" is not a version, such as 1.2.3.`);
  }
  if (next.localeCompare(current, 'en', { numeric: true }) <= 0) {
    throw new Problem(`${next} is not later than ${current}.`);
  }
}
