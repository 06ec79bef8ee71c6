import { m } from '../messages/index.ts';
import type { Notices } from './notices.ts';

/** Returns the function to call if something could not be stored, for example because the disk is full. */
export const createOnNotStored =
  (notices: Notices, logError: (error: unknown) => void) =>
  (error: unknown): void => {
    logError(error);
    notices.add('not-stored', m.change_not_saved);
  };
