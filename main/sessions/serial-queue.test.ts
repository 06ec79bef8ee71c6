import { expect, it } from 'vitest';
import { settle } from '../../test/support/virtual-clock.ts';
import { SerialQueue } from './serial-queue.ts';

/** Makes tasks that record their start, and end when the test ends them. */
function setUp() {
  const queue = new SerialQueue();
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const add = (name: string) =>
    queue.run(async (signal) => {
      log.push(signal.aborted ? `${name} aborted` : name);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      return name;
    });
  return { queue, log, add, end: (name: string) => ends.get(name)!() };
}

it('runs one task at a time, in order', async () => {
  const { add, end, log } = setUp();
  const results = Promise.all([add('a'), add('b')]);
  await settle();
  expect(log).toEqual(['a']);
  end('a');
  await settle();
  expect(log).toEqual(['a', 'b']);
  end('b');
  expect(await results).toEqual(['a', 'b']);
});

it('goes on after a task that fails', async () => {
  const { queue } = setUp();
  const failing = queue.run(() => Promise.reject(new Error('failed')));
  await expect(failing).rejects.toThrow('failed');
  expect(await queue.run(async () => 'next')).toBe('next');
});

it('aborts the tasks that run or wait, and no later one', async () => {
  const { queue, add, end, log } = setUp();
  void add('running');
  void add('waiting');
  await settle();
  queue.abort();
  void add('later');
  end('running');
  await settle();
  end('waiting');
  await settle();
  expect(log).toEqual(['running', 'waiting aborted', 'later']);
});

it('gives each task its own signal, so that listeners are freed with the task', async () => {
  const queue = new SerialQueue();
  const task = (signal: AbortSignal) => Promise.resolve(signal);
  expect(await queue.run(task)).not.toBe(await queue.run(task));
});
