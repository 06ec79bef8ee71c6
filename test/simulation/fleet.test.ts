import { expect, it } from 'vitest';
import { fleet } from './fleet.ts';

it(
  '2,000 machines that resume in one minute do not fall upon their server together',
  { timeout: 60_000 },
  async () => {
    const [resume, keepAlives, away, back] = await fleet({ clients: 2000, seed: 1 });
    expect(resume?.requests).toBeGreaterThan(1900);
    expect(resume?.peakToMean).toBeLessThan(3);
    expect(keepAlives?.peakToMean).toBeLessThan(3);
    // Those who knock at a dead server's door, and those who find it open again, are fewer than those who use it.
    expect(away?.peakPerSecond).toBeLessThan(resume?.peakPerSecond ?? 0);
    expect(back?.peakPerSecond).toBeLessThan(resume?.peakPerSecond ?? 0);
  },
);
