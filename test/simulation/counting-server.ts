import { SECOND_MS, type Clock } from '../../main/clock.ts';
import { NoAnswer } from '../simulators/faults.ts';

/** How fast requests reached the server in a period, counted in each second. */
export interface RequestRate {
  readonly name: string;
  readonly peakPerSecond: number;
  readonly meanPerSecond: number;
  readonly peakToMean: number;
  readonly requests: number;
}

/** A NEXUS IC that only counts requests. It accepts every login, and has forgotten every session from before the night. */
export class CountingServer {
  isAway = false;
  readonly #clock: Clock;
  readonly #arrivals = new Map<number, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly fetch = async (url: string): Promise<Response> => {
    const second = Math.floor(this.#clock.now() / SECOND_MS);
    this.#arrivals.set(second, (this.#arrivals.get(second) ?? 0) + 1);
    await new Promise<void>((resolve) => this.#clock.setTimer(50, resolve));
    if (this.isAway) throw new NoAnswer('ECONNREFUSED');
    if (url.includes('/security/login')) {
      return Response.json({ hash: 'NEW', id: 1, username: 'u', license: 'write' });
    }
    return url.includes('hash=NEW')
      ? Response.json({ version: '6.9.0.0', schema: '6.9.0' })
      : new Response(null, { status: 401 });
  };

  rate(name: string, from: number, to: number): RequestRate {
    const perSecond: number[] = [];
    for (let at = from; at < to; at += SECOND_MS) {
      perSecond.push(this.#arrivals.get(Math.floor(at / SECOND_MS)) ?? 0);
    }
    const requests = perSecond.reduce((sum, count) => sum + count, 0);
    const meanPerSecond = requests / perSecond.length;
    const peakPerSecond = Math.max(...perSecond);
    return {
      name,
      peakPerSecond,
      meanPerSecond,
      peakToMean: requests === 0 ? 0 : peakPerSecond / meanPerSecond,
      requests,
    };
  }
}
