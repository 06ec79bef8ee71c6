import type { Bridge } from '../main/bridge/contract.ts';

declare global {
  interface Window {
    /** Put there by the preload. */
    readonly keyvigil: Bridge;
  }
}
