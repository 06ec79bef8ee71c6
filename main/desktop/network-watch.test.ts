import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { NetworkWatch } from './network-watch.ts';

function watched() {
  const clock = new VirtualClock();
  const world = { network: 'office' as string | undefined, isWaiting: true, returns: 0, looks: 0 };
  const watch = new NetworkWatch(
    clock,
    () => (world.looks++, world.network),
    () => world.isWaiting,
    () => world.returns++,
  );
  return { clock, watch, world };
}

describe('the network watch', () => {
  it('tells of a return within a second', async () => {
    const { clock, watch, world } = watched();
    world.network = undefined;
    watch.update();
    await clock.advance(60_000);
    expect(world.returns).toBe(0);
    world.network = 'office';
    await clock.advance(1000);
    expect(world.returns).toBe(1);
  });

  it('tells of another network, and of a VPN that comes or goes', async () => {
    const { clock, watch, world } = watched();
    watch.update();
    for (const network of ['office', 'office and VPN', 'office', 'home']) {
      world.network = network;
      await clock.advance(5000);
    }
    expect(world.returns).toBe(3);
  });

  it('does not look while nothing waits, and never twice at a time', async () => {
    const { clock, watch, world } = watched();
    world.isWaiting = false;
    watch.update();
    await clock.advance(60_000);
    expect(world.looks).toBe(0);
    world.isWaiting = true;
    for (let i = 0; i < 5; i++) watch.update();
    expect(clock.timers).toBe(1);
    world.isWaiting = false;
    await clock.advance(1000);
    expect(clock.timers).toBe(0);
  });
});
