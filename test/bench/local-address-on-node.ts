/** A local address in a process of its own, whose memory nothing else uses. Its argument is the account's server. */
import { createLocalWorld } from '../support/local-address-world.ts';

const world = await createLocalWorld();
const account = await world.addNexus('read', process.argv[2]);
const tell = () =>
  process.send!({
    address: world.addressOf(account),
    memoryMb: process.memoryUsage().rss / 1024 ** 2,
  });
process.on('message', tell);
process.on('disconnect', () => process.exit());
tell();
