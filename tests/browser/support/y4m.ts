// YUV4MPEG2 video in 4:2:0, read as single frames and written frame by frame into a file that is being played.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import * as paths from './paths.ts';

const MARK = Buffer.from('FRAME\n');

/** One clip: its first line and its frames. */
export interface Clip {
  readonly header: string;
  readonly frames: readonly Buffer[];
  /** Octets of luma at the head of each frame. */
  readonly luma: number;
}

/** Reads `target/test-media/<name>.y4m`. */
export function readClip(name: string): Clip {
  const data = readFileSync(paths.video(name));
  const header = data.subarray(0, data.indexOf('\n') + 1).toString('latin1');
  const number = (tag: string) => Number(new RegExp(` ${tag}(\\d+)`).exec(header)?.[1]);
  const luma = number('W') * number('H');
  const frames: Buffer[] = [];
  let at = header.length;
  while (at < data.length) {
    const start = data.indexOf('\n', at) + 1;
    frames.push(data.subarray(start, start + (luma * 3) / 2));
    at = start + (luma * 3) / 2;
  }
  if (!(luma > 0) || frames.length === 0) throw new Error(`${name}.y4m holds no frame`);
  return { header, frames, luma };
}

/** Writes over the file's frames in place: a player that has it open goes on with the new ones. */
export function writeClip(file: string, { header, frames }: Clip, mode: 'new' | 'in place'): void {
  const descriptor = openSync(file, mode === 'new' ? 'w' : 'r+');
  let at = writeSync(descriptor, header, 0, 'latin1');
  for (const frame of frames) {
    at += writeSync(descriptor, MARK, 0, MARK.length, at);
    at += writeSync(descriptor, frame, 0, frame.length, at);
  }
  closeSync(descriptor);
}
