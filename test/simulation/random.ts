import type { Random } from '../../main/clock.ts';

/**
 * Random numbers that a seed repeats. Each part of the simulation has its own generator with its own name, so that a part that
 * draws more numbers changes nothing for the others. A new name changes the world of every seed.
 */
export class SeededRandom {
  readonly next: Random;

  constructor(seed: number, name: string) {
    this.next = mulberry32(fnv1a(`${seed}/${name}`));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** Each order of magnitude is equally likely: many numbers are small, few are large. */
  logBetween(min: number, max: number): number {
    return min * (max / min) ** this.next();
  }

  pick<const T extends readonly unknown[]>(choices: T): T[number] {
    return choices[Math.floor(this.next() * choices.length)];
  }

  bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => Math.floor(this.next() * 256));
  }
}

/** Draws from the generator of one seed that has this name. */
export type NamedRandom = (name: string) => SeededRandom;

function fnv1a(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/** Good enough for a simulation, and for nothing else: it has 32 bits of state. */
function mulberry32(state: number): Random {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
