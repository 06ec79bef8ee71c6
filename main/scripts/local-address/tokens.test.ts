import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { MINUTE_MS } from '../../clock.ts';
import { findByToken, newToken, WrongTokenDelay } from './tokens.ts';

describe('a token', () => {
  const owners = [{ localToken: 'a' }, { localToken: undefined }, { localToken: 'b' }];

  it('finds its owner', () => {
    expect(findByToken('b', owners)).toBe(owners[2]);
  });

  it.each(['', 'c', 'ab', 'undefined'])('that no account has finds no account: %j', (token) => {
    expect(findByToken(token, owners)).toBeUndefined();
  });

  it('has 128 bits, and the redactor finds it', () => {
    expect(newToken()).toMatch(/^[0-9a-f]{32}$/);
    expect(newToken()).not.toBe(newToken());
  });
});

describe('the answer to a wrong token', () => {
  it('waits longer with each one, up to 5 s', () => {
    const delay = new WrongTokenDelay(new VirtualClock());
    const waits = Array.from({ length: 1000 }, () => delay.next());
    expect(waits.slice(0, 8)).toEqual([100, 100, 100, 100, 100, 200, 400, 800]);
    expect(waits.at(-1)).toBe(5000);
  });

  it('comes soon again after a minute without wrong tokens', async () => {
    const clock = new VirtualClock();
    const delay = new WrongTokenDelay(clock);
    for (let i = 0; i < 20; i++) delay.next();
    await clock.advance(MINUTE_MS + 1);
    expect(delay.next()).toBe(100);
  });
});
