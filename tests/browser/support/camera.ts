// The camera in front of the browser: which video it shows, and what can happen to it.
import { execFileSync } from 'node:child_process';
import { renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import * as paths from './paths.ts';

export type Video = 'cap12' | 'cap13' | 'franck' | 'two-faces' | 'frozen' | 'no-face';

export class Camera {
  /** The file that the browser was told to play. It opens it anew at each getUserMedia. */
  readonly file: string;

  constructor(folder: string, first: Video) {
    this.file = join(folder, 'camera.y4m');
    this.show(first);
  }

  /** Chooses what the next getUserMedia shows. */
  show(name: Video): void {
    const next = `${this.file}.next`;
    symlinkSync(paths.video(name), next);
    renameSync(next, this.file);
  }

  /**
   * Pulls the plug: ends the browser's capture process, which is known by the file that it plays. The track ends as it
   * does when a real camera is unplugged; the next getUserMedia gets a new process.
   */
  unplug(): void {
    const processes = execFileSync('ps', ['-eo', 'pid=,args='], {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    }).split('\n');
    const capture = processes.filter(
      (line) => line.includes('VideoCaptureService') && line.includes(this.file),
    );
    if (capture.length === 0) throw new Error('the browser has no capture process: the camera is not on');
    for (const line of capture) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  }
}
