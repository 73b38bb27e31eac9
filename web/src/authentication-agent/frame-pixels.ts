// Camera bitmaps as RGBA pixels, on a canvas that is wiped after every frame.

/** The longest side that the biometric system gets; a larger camera picture is scaled down. */
const LONGEST = 640;

let canvas: OffscreenCanvas | undefined;

/** RGBA rows from the top, `4 * width * height` octets. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

/** Reads the bitmap and closes it. Throws where the browser gives no 2D canvas to workers. */
export function readPixels(bitmap: ImageBitmap): Pixels {
  try {
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    canvas ??= new OffscreenCanvas(width, height);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const context = canvas.getContext('2d', { willReadFrequently: true, alpha: false });
    if (context === null) throw new TypeError('no 2D context in this worker');
    context.drawImage(bitmap, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    context.clearRect(0, 0, width, height);
    return { width, height, rgba: new Uint8Array(data.buffer) };
  } finally {
    bitmap.close();
  }
}
