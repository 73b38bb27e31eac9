// Which trouble a failed getUserMedia means (Media Capture and Streams 10.2, exceptions of getUserMedia).
import type { Trouble } from './ceremony-state';

/** Anything we cannot name counts as a camera that another program holds: trying again is the right advice. */
export function cameraTrouble(error: unknown): Trouble {
  switch (error instanceof Error || error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'camera-refused';
    case 'NotFoundError':
    case 'OverconstrainedError':
    case 'TypeError': // No mediaDevices at all.
      return 'camera-missing';
    default:
      return 'camera-busy';
  }
}
