import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { NetworkWatch } from './network-watch.ts';

function watched() {
  const clock = new VirtualClock();
  const world = { network: 'office' as string | undefined, isNeeded: true, returns: 0, checks: 0 };
  const watch = new NetworkWatch({
    clock,
    network: () => (world.checks++, world.network),
    isNeeded: () => world.isNeeded,
    onReturn: () => world.returns++,
  });
  return { clock, watch, world };
}

describe('the network watch', () => {
  it('notices a return within a second', async () => {
    const { clock, watch, world } = watched();
    world.network = undefined;
    watch.update();
    await clock.advance(60_000);
    expect(world.returns).toBe(0);
    world.network = 'office';
    await clock.advance(1000);
    expect(world.returns).toBe(1);
  });

  it('notices another network, and a VPN that comes or goes', async () => {
    const { clock, watch, world } = watched();
    watch.update();
    for (const network of ['office', 'office and VPN', 'office', 'home']) {
      world.network = network;
      await clock.advance(5000);
    }
    expect(world.returns).toBe(3);
  });

  it('does not check while nothing needs a network, and never twice at a time', async () => {
    const { clock, watch, world } = watched();
    world.isNeeded = false;
    watch.update();
    await clock.advance(60_000);
    expect(world.checks).toBe(0);
    world.isNeeded = true;
    for (let i = 0; i < 5; i++) watch.update();
    expect(clock.timers).toBe(1);
    world.isNeeded = false;
    await clock.advance(1000);
    expect(clock.timers).toBe(0);
  });
});
