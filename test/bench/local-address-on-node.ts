/**
 * Runs a local address in a process of its own, so that nothing else uses the process's memory. The argument is the address of
 * the account's server.
 */
import { createLocalWorld } from '../support/local-address-world.ts';

const world = await createLocalWorld();
const account = await world.addNexus('read', process.argv[2]);
process.on('disconnect', () => process.exit());
process.send!(world.addressOf(account));
