import type { AccountForm, Problem } from '../../main/bridge/contract.ts';
import { REST_AFTER_MINUTES } from '../../main/limits.ts';
import { numberProblem } from './number-problem.ts';

type Rest = NonNullable<AccountForm['rest']>;

export const REST_OPTIONS = [
  { id: 'always', label: 'Always' },
  { id: 'away', label: 'While I use this computer' },
  { id: 'off-hours', label: 'In working hours' },
] as const satisfies readonly { id: 'always' | Rest['when']; label: string }[];

/** The part of an account's form that says when its session may rest. */
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
      return { message: 'The working hours must end after they begin.', field: 'workingHours' };
    }
    return undefined;
  }

  /** Only without a problem. */
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
