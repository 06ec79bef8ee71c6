import { expect, it } from 'vitest';
import { runFleet } from './fleet.ts';

it(
  '2,000 machines that wake up within one minute do not ask their server in step',
  { timeout: 60_000 },
  async () => {
    const [resume, keepAlives, away, back] = await runFleet({ machines: 2000, seed: 1 });
    expect(resume?.requests).toBeGreaterThan(1900);
    expect(resume?.peakToMean).toBeLessThan(3);
    expect(keepAlives?.peakToMean).toBeLessThan(3);
    // The server gets fewer requests in an outage, and just after it, than in normal use.
    expect(away?.peakPerSecond).toBeLessThan(resume?.peakPerSecond ?? 0);
    expect(back?.peakPerSecond).toBeLessThan(resume?.peakPerSecond ?? 0);
  },
);
