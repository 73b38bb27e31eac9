// The front camera as a stream that can be put out for good, and that tells when it goes away by itself.

/** A muted track comes back after a moment on some phones; one that stays muted is lost. */
const muteGraceMs = 1_500;

const constraints: MediaStreamConstraints = {
  video: {
    facingMode: 'user',
    width: { ideal: 640 },
    height: { ideal: 480 },
    frameRate: { ideal: 30 },
  },
  audio: false,
};

/** A running camera. */
export interface Camera {
  readonly stream: MediaStream;
  /** Stops every track at once; the light goes off. */
  stop(): void;
}

/** Rejects as getUserMedia does. `onLost`: unplugged, permission withdrawn, taken by another program. */
export async function openCamera(onLost: () => void): Promise<Camera> {
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  const watch = new AbortController();
  const { signal } = watch;
  let muted: ReturnType<typeof setTimeout> | undefined;
  for (const track of stream.getTracks()) {
    track.addEventListener('ended', onLost, { signal });
    track.addEventListener('mute', () => (muted = setTimeout(onLost, muteGraceMs)), { signal });
    track.addEventListener('unmute', () => clearTimeout(muted), { signal });
  }
  return {
    stream,
    stop() {
      watch.abort();
      clearTimeout(muted);
      for (const track of stream.getTracks()) track.stop();
    },
  };
}
