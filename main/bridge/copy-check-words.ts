import { m } from '../messages/index.ts';
import type { CopyCheck } from './contract.ts';

/** What to tell the user after the check of a copied key; undefined if there is nothing to tell. */
export function copyCheckWords(check: CopyCheck, name: string): string | undefined {
  switch (check) {
    case 'works':
      return undefined;
    case 'replaced':
      return m.key_was_replaced({ name });
    case 'renewed':
      return m.key_was_renewed({ name });
    case 'expired':
      return m.key_has_expired({ name });
    case 'unknown':
      return m.key_may_have_expired({ name });
  }
}
