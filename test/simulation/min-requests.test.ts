import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '../../main/clock.ts';
import { MinRequests } from './min-requests.ts';

describe('the fewest possible requests', () => {
  const life = {
    sessionIdleMs: 60 * MINUTE_MS,
    serverIdleMs: 10 * MINUTE_MS,
    sessionEveryMs: 30 * MINUTE_MS,
    serverEveryMs: 8 * MINUTE_MS,
  };

  it.each([
    // With few sessions, the server's interval decides. With many sessions, their own interval decides.
    [1, 8],
    [3, 8],
    [20, 40],
  ])('keep %i sessions alive for 65 minutes', (sessions, expected) => {
    const min = new MinRequests(life);
    min.addLiveTime(65 * MINUTE_MS);
    for (let session = 0; session < sessions; session++) min.endSession(65 * MINUTE_MS);
    min.endStretch();
    expect(min.total).toBe(expected);
  });

  it('round every stretch down, and include the logins', () => {
    const min = new MinRequests(life);
    for (let stretch = 0; stretch < 3; stretch++) {
      min.addLiveTime(15 * MINUTE_MS);
      min.endSession(15 * MINUTE_MS);
      min.endStretch();
      min.logins++;
    }
    expect(min.total).toBe(6);
  });
});
