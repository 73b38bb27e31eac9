import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { feedFrames } from './frame-feed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A source whose frames the test fires by hand, and a record of what was sent and closed. */
function setUp(grab?: () => Promise<ImageBitmap>) {
  let fire: ((at: number) => void) | undefined;
  const sent: number[] = [];
  const log: string[] = [];
  const bitmap = { close: () => log.push('closed') } as unknown as ImageBitmap;
  const feed = feedFrames(
    {
      onNextFrame(callback) {
        fire = callback;
        return () => log.push('called off');
      },
      grab: grab ?? (async () => bitmap),
    },
    (_bitmap, at) => sent.push(at),
    () => log.push('stall'),
    1_000,
  );
  const frame = async (at: number) => {
    fire?.(at);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { feed, frame, sent, log };
}

test('only one frame is in flight; of those in between the newest is taken at the credit', async () => {
  const { feed, frame, sent } = setUp();
  await frame(1);
  await frame(2);
  await frame(3);
  expect(sent).toEqual([1]);
  feed.credit();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([1, 3]);
  feed.credit();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([1, 3]); // no frame is taken twice
  await frame(4);
  await frame(5);
  expect(sent).toEqual([1, 3, 4]);
  feed.stop();
  feed.credit();
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([1, 3, 4]);
});

test('a frame grabbed while the feed was stopped is closed and not sent', async () => {
  let give: (bitmap: ImageBitmap) => void = () => {};
  const { feed, frame, sent, log } = setUp(() => new Promise((resolve) => (give = resolve)));
  await frame(1);
  feed.stop();
  give({ close: () => log.push('closed') } as unknown as ImageBitmap);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toEqual([]);
  expect(log).toEqual(['called off', 'closed']);
});

test('a frame that cannot be read does not use the credit up', async () => {
  let fail = true;
  const { feed, frame, sent } = setUp(async () => {
    if (fail) throw new DOMException('', 'InvalidStateError');
    return {} as ImageBitmap;
  });
  await frame(1);
  fail = false;
  await frame(2);
  expect(sent).toEqual([2]);
  feed.stop();
});

test('a camera that gives no frames for the time is stalled; a stopped feed is not', async () => {
  const { frame, log } = setUp();
  await vi.advanceTimersByTimeAsync(900);
  await frame(1);
  await vi.advanceTimersByTimeAsync(999);
  expect(log).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(log).toEqual(['stall']);

  const other = setUp();
  other.feed.stop();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(other.log).toEqual(['called off']);
});
