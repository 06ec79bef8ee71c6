import type { Problem } from '../../main/bridge/contract.ts';

/** A sentence on screen. Two messages with the same text are different objects, so code can tell them apart. */
export interface Message {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const STATUS_SECONDS = 6;

/** The messages that the popup shows outside its forms. */
export class Messages {
  /** What a command did. Disappears by itself. */
  status = $state.raw<Message>();
  /** What went wrong, if it belongs to no input. */
  alert = $state.raw<Message>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  showStatus(text: string, seconds = STATUS_SECONDS, action?: Message['action']): void {
    this.clearStatus();
    this.status = { text, ...(action && { action }) };
    this.#timer = setTimeout(() => (this.status = undefined), seconds * 1000);
  }

  /** Shows the end of a command that took a while. Keeps *Undo*, if that has come on screen since. */
  showEnd(text: string): void {
    if (!this.status?.action) this.showStatus(text);
  }

  clearStatus(): void {
    clearTimeout(this.#timer);
    this.status = undefined;
  }

  showAlert(text: string): void {
    this.alert = { text };
  }

  /** Does nothing if `problem` is undefined: then the request itself failed, and `ask` has already told the user. */
  showProblem(account: { readonly name: string }, problem: Problem | undefined): void {
    if (problem) this.showAlert(`${account.name}: ${problem.message}`);
  }

  clearAlert(): void {
    this.alert = undefined;
  }
}
