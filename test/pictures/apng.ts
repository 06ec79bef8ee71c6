import { crc32 } from 'node:zlib';

export interface AnimationFrame {
  /** A PNG. All frames have the same size and kind of colours. */
  readonly png: Buffer;
  readonly milliseconds: number;
}

const SIGNATURE_LENGTH = 8;

/** Joins PNGs to an animated PNG, which repeats without end (https://www.w3.org/TR/png-3/#apng-frame-based-animation). */
export function toAnimation(frames: readonly AnimationFrame[]): Buffer {
  const first = frames[0]!.png;
  const header = chunksOf(first).find(({ type }) => type === 'IHDR')!;
  let sequence = 0;
  const parts = frames.flatMap(({ png, milliseconds }, index) => {
    const control = Buffer.alloc(26);
    control.writeUInt32BE(sequence++, 0);
    header.data.copy(control, 4, 0, 8); // Width and height.
    control.writeUInt16BE(milliseconds, 20);
    control.writeUInt16BE(1000, 22);
    const data = chunksOf(png).filter(({ type }) => type === 'IDAT');
    const pixels = data.map(({ data }) => {
      if (index === 0) return chunk('IDAT', data);
      const number = Buffer.alloc(4);
      number.writeUInt32BE(sequence++);
      return chunk('fdAT', Buffer.concat([number, data]));
    });
    return [chunk('fcTL', control), ...pixels];
  });
  const animation = Buffer.alloc(8);
  animation.writeUInt32BE(frames.length, 0);
  return Buffer.concat([
    first.subarray(0, SIGNATURE_LENGTH),
    chunk('IHDR', header.data),
    chunk('acTL', animation),
    ...parts,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks = [];
  for (let at = SIGNATURE_LENGTH; at < png.length;) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return chunks;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}
