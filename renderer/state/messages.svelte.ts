import type { Problem } from '../../main/bridge/contract.ts';

/** A sentence on screen. It is an object, so that the same sentence can be shown again. */
export interface Message {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const STATUS_SECONDS = 6;

/** What the popup tells its user outside the forms. */
export class Messages {
  /** What a command did. Goes away by itself. */
  status = $state.raw<Message>();
  /** What went wrong, if it belongs to no input. */
  alert = $state.raw<Message>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  showStatus(text: string, seconds = STATUS_SECONDS, action?: Message['action']): void {
    this.clearStatus();
    this.status = { text, ...(action && { action }) };
    this.#timer = setTimeout(() => (this.status = undefined), seconds * 1000);
  }

  clearStatus(): void {
    clearTimeout(this.#timer);
    this.status = undefined;
  }

  showAlert(text: string): void {
    this.alert = { text };
  }

  /** Does nothing without a problem: then the request itself failed, and the user already knows. */
  showProblem(account: { readonly name: string }, problem: Problem | undefined): void {
    if (problem) this.showAlert(`${account.name}: ${problem.message}`);
  }

  clearAlert(): void {
    this.alert = undefined;
  }
}
