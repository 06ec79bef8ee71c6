import { nexusIc } from './nexus-ic/index.ts';
import { ribCx } from './rib-cx/index.ts';
import type { System } from './system.ts';

/** Every system that Keyvigil supports. */
export const systems: readonly System[] = [nexusIc, ribCx];
