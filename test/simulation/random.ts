import type { Random } from '../../main/clock.ts';

/**
 * Random numbers that a seed repeats. Each part of the simulation has a generator with its own name, so one part's draws do not
 * change the other parts. A new name changes the world of every seed.
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

  /** Makes each order of magnitude equally likely: many numbers are small, and few are large. */
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

/** @returns the generator with this name, for one seed */
export type NamedRandom = (name: string) => SeededRandom;

function fnv1a(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/** This generator is good enough for a simulation only: it has just 32 bits of state. */
function mulberry32(state: number): Random {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
