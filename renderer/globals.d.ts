import type { Bridge } from '../main/bridge/contract.ts';

declare global {
  interface Window {
    /** From the preload. */
    readonly keyvigil: Bridge;
  }
}
