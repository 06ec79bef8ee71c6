import type { Services } from '../../main/systems/system.ts';

/** Lets every request through at once. */
export const unlimited: Services['limit'] = (_url, _signal, request) => request();
