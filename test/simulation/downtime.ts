import { CAUSES, type Cause, type Judgement, type Span } from './judge.ts';
import { addTime, NO_TIME, type Tally } from './tally.ts';

export interface Lapse {
  readonly account: string;
  readonly from: number;
  readonly to: number;
}

/** Adds up the times in which sessions were expired. `judge` has divided them into lapses and excused times. */
export class Downtime {
  lapses = NO_TIME;
  readonly excused = Object.fromEntries(CAUSES.map((cause) => [cause, NO_TIME])) as Record<
    Cause,
    Tally
  >;
  /** Only the first lapses are kept, for the report. */
  readonly firstLapses: Lapse[] = [];

  add(account: string, { to }: Span, { lapseMs, excusedMs, cause }: Judgement): void {
    if (cause) this.excused[cause] = addTime(this.excused[cause], excusedMs);
    if (lapseMs === 0) return;
    this.lapses = addTime(this.lapses, lapseMs);
    if (this.firstLapses.length < 20) this.firstLapses.push({ account, from: to - lapseMs, to });
  }
}
