// Sends camera frames to the worker, one in flight: the worker's answer to a frame is the credit for the next.

/** Where frames come from: a playing video element (`videoFrames`), or a test. */
export interface FrameSource {
  /** Calls back once, at the next frame, with its time in milliseconds; gives a way to call it off. */
  onNextFrame(callback: (at: number) => void): () => void;
  grab(): Promise<ImageBitmap>;
}

/** A running feed. */
export interface FrameFeed {
  /** The worker has answered the frame in flight. */
  credit(): void;
  stop(): void;
}

/** `onStall`: no frame came for `stallMs`, as with a camera that was unplugged without a word. */
export function feedFrames(
  source: FrameSource,
  send: (bitmap: ImageBitmap, at: number) => void,
  onStall: () => void,
  stallMs = 4_000,
): FrameFeed {
  let free = true;
  let stopped = false;
  /** Time of a frame that came while the worker was busy, and is still the one on show. */
  let waiting: number | undefined;
  let callOff = () => {};
  let stall: ReturnType<typeof setTimeout> | undefined;

  const watch = () => {
    clearTimeout(stall);
    stall = setTimeout(onStall, stallMs);
  };
  const next = () => {
    callOff = source.onNextFrame((at) => {
      if (stopped) return;
      watch();
      if (free) void take(at);
      else waiting = at;
      next();
    });
  };
  const take = async (at: number) => {
    free = false;
    waiting = undefined;
    try {
      const bitmap = await source.grab();
      if (stopped) bitmap.close();
      else send(bitmap, at);
    } catch {
      // A frame that cannot be read (the video has no size yet) costs nothing: take the next.
      free = true;
    }
  };
  watch();
  next();
  return {
    credit() {
      free = true;
      if (waiting !== undefined && !stopped) void take(waiting);
    },
    stop() {
      stopped = true;
      clearTimeout(stall);
      callOff();
    },
  };
}
