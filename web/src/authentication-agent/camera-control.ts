// Opens the camera into the preview, feeds its frames on, and puts it out; a late answer to an old request is put out too.
import { type Camera, openCamera } from './camera';
import { cameraTrouble } from './camera-trouble';
import type { Trouble } from './ceremony-state';
import { type FrameFeed, feedFrames } from './frame-feed';
import { videoFrames } from './video-frames';

/** What the camera reports. */
export interface CameraEvents {
  open(): void;
  trouble(trouble: Trouble): void;
  frame(bitmap: ImageBitmap, at: number): void;
}

/** The camera of one agent page. */
export interface CameraControl {
  open(): void;
  feed(): void;
  /** The worker answered a frame. */
  credit(): void;
  stop(): void;
}

/** `video` shows the preview; it needs `playsinline` and `muted` to start by itself on a phone. */
export function cameraControl(video: HTMLVideoElement, on: CameraEvents): CameraControl {
  let turn = 0;
  let camera: Camera | undefined;
  let feed: FrameFeed | undefined;

  const stop = () => {
    turn += 1;
    feed?.stop();
    camera?.stop();
    feed = undefined;
    camera = undefined;
    video.srcObject = null;
  };
  const open = async () => {
    stop();
    const mine = turn;
    try {
      const opened = await openCamera(() => mine === turn && on.trouble('camera-lost'));
      if (mine !== turn) return opened.stop();
      camera = opened;
      video.srcObject = opened.stream;
      await video.play();
      if (mine === turn) on.open();
    } catch (error) {
      if (mine !== turn) return;
      stop();
      on.trouble(cameraTrouble(error));
    }
  };
  return {
    open: () => void open(),
    feed() {
      const mine = turn;
      feed?.stop();
      feed = feedFrames(videoFrames(video), on.frame, () => mine === turn && on.trouble('camera-lost'));
    },
    credit: () => feed?.credit(),
    stop,
  };
}
