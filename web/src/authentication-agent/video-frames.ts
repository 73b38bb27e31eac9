// A playing video element as a source of frames, in browsers with and without requestVideoFrameCallback.
import type { FrameSource } from './frame-feed';

/** Without requestVideoFrameCallback a frame is new when the video's clock has moved. */
export function videoFrames(video: HTMLVideoElement): FrameSource {
  return {
    onNextFrame(callback) {
      if ('requestVideoFrameCallback' in video) {
        const handle = video.requestVideoFrameCallback((now) => callback(now));
        return () => video.cancelVideoFrameCallback(handle);
      }
      const start = (video as HTMLVideoElement).currentTime;
      let handle = 0;
      const look = (now: number) => {
        if ((video as HTMLVideoElement).currentTime === start) handle = requestAnimationFrame(look);
        else callback(now);
      };
      handle = requestAnimationFrame(look);
      return () => cancelAnimationFrame(handle);
    },
    grab: () => createImageBitmap(video),
  };
}
