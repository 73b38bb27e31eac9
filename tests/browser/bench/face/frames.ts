// Camera frames as RGBA out of the test videos (y4m, 4:2:0, limited range, ITU-R BT.601).
import { closeSync, openSync, readSync } from 'node:fs';
import * as paths from '../../support/paths.ts';

const [WIDTH, HEIGHT] = [640, 480];
const PIXELS = WIDTH * HEIGHT;
const FRAME_BYTES = 'FRAME\n'.length + (PIXELS * 3) / 2;

/** Every `step`th frame of the video, `count` of them. */
export function framesOf(video: string, count: number, step: number): Buffer[] {
  const file = openSync(paths.video(video), 'r');
  try {
    const head = Buffer.alloc(256);
    readSync(file, head, 0, head.length, 0);
    const header = head.subarray(0, head.indexOf('\n') + 1);
    if (!header.includes(`W${WIDTH} H${HEIGHT}`)) throw new Error(`${video}.y4m is not ${WIDTH}x${HEIGHT}`);
    return Array.from({ length: count }, (_, index) => {
      const frame = Buffer.alloc(FRAME_BYTES);
      const at = header.length + index * step * FRAME_BYTES;
      if (readSync(file, frame, 0, FRAME_BYTES, at) !== FRAME_BYTES)
        throw new Error(`${video}.y4m is too short`);
      return rgba(frame.subarray('FRAME\n'.length));
    });
  } finally {
    closeSync(file);
  }
}

function rgba(yuv: Buffer): Buffer {
  const pixels = Buffer.alloc(PIXELS * 4, 255);
  for (let y = 0; y < HEIGHT; y += 1) {
    for (let x = 0; x < WIDTH; x += 1) {
      const chroma = PIXELS + (y >> 1) * (WIDTH / 2) + (x >> 1);
      const luma = 1.164 * ((yuv[y * WIDTH + x] ?? 0) - 16);
      const cb = (yuv[chroma] ?? 0) - 128;
      const cr = (yuv[chroma + PIXELS / 4] ?? 0) - 128;
      const colour = [luma + 1.596 * cr, luma - 0.392 * cb - 0.813 * cr, luma + 2.017 * cb];
      colour.forEach((value, channel) => {
        pixels[(y * WIDTH + x) * 4 + channel] = Math.max(0, Math.min(255, Math.round(value)));
      });
    }
  }
  return pixels;
}
