import type { AccountForm, Problem } from '../../main/bridge/contract.ts';
import { REST_AFTER_MINUTES } from '../../main/limits.ts';
import { m } from '../../main/messages/index.ts';
import { numberProblem } from './number-problem.ts';

type Rest = NonNullable<AccountForm['rest']>;

export const restOptions = (): readonly { id: 'always' | Rest['when']; label: string }[] => [
  { id: 'always', label: m.keep_alive_always() },
  { id: 'away', label: m.keep_alive_while_present() },
  { id: 'off-hours', label: m.keep_alive_in_working_hours() },
];

/** The part of an account's form that says when its session may rest, which means that it is not kept alive. */
export class RestFields {
  when = $state<'always' | Rest['when']>('always');
  /** Null while its input is empty. */
  afterMinutes = $state<number | null>(15);
  from = $state('08:00');
  to = $state('18:00');
  signOut = $state(false);

  constructor(rest: Rest | undefined) {
    if (!rest) return;
    this.when = rest.when;
    this.signOut = rest.signOut;
    if (rest.when === 'away') this.afterMinutes = rest.afterMinutes;
    else [this.from, this.to] = [rest.from, rest.to];
  }

  get problem(): Problem | undefined {
    const message = numberProblem(this.afterMinutes, REST_AFTER_MINUTES);
    if (this.when === 'away' && message !== undefined) return { message, field: 'afterMinutes' };
    if (this.when === 'off-hours' && !(this.from !== '' && this.from < this.to)) {
      return { message: m.working_hours_are_reversed(), field: 'workingHours' };
    }
    return undefined;
  }

  /** Read it only if `problem` is undefined. */
  get value(): Rest | undefined {
    const { when, signOut } = this;
    switch (when) {
      case 'always':
        return undefined;
      case 'away':
        return { when, afterMinutes: this.afterMinutes!, signOut };
      case 'off-hours':
        return { when, from: this.from, to: this.to, signOut };
    }
  }
}
