import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { UpdateWatch } from './update-watch.ts';

const DAY = 24 * 60 * 60_000;

function watched() {
  const clock = new VirtualClock();
  const world = {
    isOn: true,
    published: '1.1.0' as string | undefined,
    isComplete: true,
    consents: true,
    isSigningIn: false,
    loads: 0,
    offers: [] as string[],
    told: [] as string[],
    reported: [] as unknown[],
    did: [] as string[],
  };
  const watch = new UpdateWatch({
    clock,
    isOn: () => world.isOn,
    load: async () => {
      world.loads++;
      return {
        check: async () => world.published,
        download: async () => {
          world.did.push('download');
          if (!world.isComplete) throw new Error('sha512 checksum mismatch');
        },
        install: () => void world.did.push('install'),
      };
    },
    onOffer: (version) => void world.offers.push(version),
    confirm: async () => world.consents,
    isSigningIn: () => world.isSigningIn,
    tell: (message) => void world.told.push(message),
    logError: (error) => void world.reported.push(error),
  });
  return { clock, watch, world };
}

async function offered() {
  const all = watched();
  all.watch.start();
  await all.clock.advance(DAY);
  return all;
}

describe('updates', () => {
  it('cost a start nothing', async () => {
    const { clock, watch, world } = watched();
    watch.start();
    await clock.advance(60_000);
    expect(world.loads).toBe(0);
  });

  it('are looked for once a day, and each version is offered once', async () => {
    const { clock, world } = await offered();
    await clock.advance(3 * DAY);
    expect(world.offers).toEqual(['1.1.0']);
    world.published = '1.2.0';
    await clock.advance(DAY);
    expect(world.offers).toEqual(['1.1.0', '1.2.0']);
    expect(world.loads).toBe(1);
  });

  it('are neither downloaded nor installed unasked', async () => {
    const { clock, watch, world } = await offered();
    await clock.advance(30 * DAY);
    world.consents = false;
    await watch.install();
    expect(world.did).toEqual([]);
  });

  it('are not looked for while their user does not want them', async () => {
    const { clock, watch, world } = watched();
    world.isOn = false;
    watch.start();
    await clock.advance(30 * DAY);
    expect(world.loads).toBe(0);
    world.isOn = true;
    await clock.advance(DAY);
    expect(world.offers).toEqual(['1.1.0']);
  });

  it('are installed when their user says so', async () => {
    const { watch, world } = await offered();
    await watch.install();
    expect(world.did).toEqual(['download', 'install']);
  });

  it('interrupt no sign-in', async () => {
    const { watch, world } = await offered();
    world.isSigningIn = true;
    await watch.install();
    expect(world.did).not.toContain('install');
    expect(world.told[0]).toContain('Finish the sign-in');
    world.isSigningIn = false;
    await watch.install();
    expect(world.did).toContain('install');
  });

  it('are not installed unless they are what was published, and can be tried again', async () => {
    const { watch, world } = await offered();
    world.isComplete = false;
    await watch.install();
    expect(world.did).toEqual(['download']);
    expect(world.told[0]).toContain('could not be downloaded or installed');
    expect(world.reported).toHaveLength(1);
    world.isComplete = true;
    await watch.install();
    expect(world.did).toContain('install');
  });

  it('wait for tomorrow if their server does not respond', async () => {
    const { clock, watch, world } = watched();
    world.published = undefined;
    watch.start();
    await clock.advance(DAY);
    world.published = '1.1.0';
    await clock.advance(DAY);
    expect(world.offers).toEqual(['1.1.0']);
    expect(world.told).toEqual([]);
  });
});
