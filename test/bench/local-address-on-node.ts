/**
 * Runs a local address in a process of its own, so that nothing else uses the process's memory. The argument is the address of
 * the account's server.
 */
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
