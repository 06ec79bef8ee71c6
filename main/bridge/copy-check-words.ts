import type { CopyCheck } from './contract.ts';

/** What to tell the user after the check of a copied key; undefined if there is nothing to tell. */
export function copyCheckWords(check: CopyCheck, name: string): string | undefined {
  switch (check) {
    case 'works':
      return undefined;
    case 'replaced':
      return `The session of “${name}” had expired. The clipboard now has its new key.`;
    case 'renewed':
      return `The session of “${name}” had expired. Copy its new key.`;
    case 'expired':
      return `The session of “${name}” has expired, so its key is no longer on the clipboard. Sign in again.`;
    case 'unknown':
      return `The server does not respond, so the key of “${name}” may have expired.`;
  }
}
