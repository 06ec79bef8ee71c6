import type {
  AccountView,
  Answer,
  Bridge,
  Question,
  RequestName,
  Snapshot,
  SystemView,
} from '../../main/bridge/contract.ts';
import { m } from '../../main/messages/index.ts';
import { useLocale } from './language.svelte.ts';
import type { Messages } from './messages.svelte.ts';

/** A request to the main process. If it fails, the user is told, and the answer is undefined. */
export type Ask = <N extends RequestName>(
  name: N,
  question: Question<N>,
) => Promise<Answer<N> | undefined>;

/** The popup's connection to the main process. */
export class MainProcess {
  /** The newest snapshot; undefined until the first one arrives. */
  snapshot = $state.raw<Snapshot>();
  readonly accounts = $derived(this.snapshot?.accounts ?? []);
  readonly #bridge: Bridge;
  readonly #messages: Messages;

  constructor(bridge: Bridge, messages: Messages) {
    this.#bridge = bridge;
    this.#messages = messages;
  }

  /** Follows the snapshots until the returned function is called. */
  start(onChange: (previous: readonly AccountView[]) => void): () => void {
    const receive = (text: string) => {
      const snapshot = JSON.parse(text) as Snapshot;
      const previous = this.accounts;
      this.snapshot = snapshot;
      useLocale(snapshot.locale);
      onChange(previous);
    };
    void this.ask('snapshot', undefined).then((text) => {
      // If a pushed snapshot came before this answer, it is newer.
      if (text !== undefined && !this.snapshot) receive(text);
    });
    return this.#bridge.onSnapshot(receive);
  }

  account(id: string | undefined): AccountView | undefined {
    return this.accounts.find((account) => account.id === id);
  }

  readonly ask: Ask = async (name, question) => {
    try {
      return await this.#bridge.request(name, question);
    } catch (error) {
      console.error(`The request ${name} failed`, error);
      this.#messages.showAlert(m.request_failed());
      return undefined;
    }
  };

  systems(): Promise<readonly SystemView[] | undefined> {
    return this.ask('systems', undefined);
  }

  /** What a form needs to edit an account or to sign in to it. */
  async editable(id: string) {
    const [systems, editable] = await Promise.all([
      this.systems(),
      this.ask('editableAccount', { id }),
    ]);
    return systems && editable ? { systems, editable } : undefined;
  }
}
