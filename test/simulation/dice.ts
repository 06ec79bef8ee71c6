import type { Random } from '../../main/clock.ts';

/**
 * Chance that can be repeated: one seed and one name give the same numbers on every machine. Each part of the simulation has dice
 * of its own, so that one that throws more often changes nothing for the others.
 */
export class Dice {
  readonly random: Random;

  constructor(seed: number, name: string) {
    this.random = mulberry32(hash(`${seed}/${name}`));
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  between(least: number, most: number): number {
    return least + this.random() * (most - least);
  }

  /** Each order of magnitude is as likely as another: many are short, few are long. */
  shortOrLong(least: number, most: number): number {
    return least * (most / least) ** this.random();
  }

  pick<const T extends readonly unknown[]>(choices: T): T[number] {
    return choices[Math.floor(this.random() * choices.length)];
  }

  bytes(size: number): Uint8Array {
    return Uint8Array.from({ length: size }, () => Math.floor(this.random() * 256));
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}

/** A small generator of known quality, 32 bits of state: enough for a simulation, for nothing else. */
function mulberry32(state: number): Random {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
