/** A local address in a process of its own, whose memory nothing else uses. Its argument is the account's server. */
import { createLocalWorld } from '../support/local-address-world.ts';

const world = await createLocalWorld();
const account = await world.addNexus('read', process.argv[2]);
process.on('disconnect', () => process.exit());
process.send!(world.addressOf(account));
