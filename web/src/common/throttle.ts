// Passes on the newest value, each one standing for at least a given time.

/** At once when the last value has stood long enough; else the newest when it has. Repeats are dropped. */
export function throttle<T>(show: (value: T) => void, minMs: number) {
  let shown: T | undefined;
  let next: T | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const put = (value: T) => {
    if (value === shown) return;
    shown = value;
    show(value);
    timer = setTimeout(() => {
      timer = undefined;
      if (next !== undefined) put(next);
      next = undefined;
    }, minMs);
  };
  return {
    push(value: T) {
      if (timer === undefined) put(value);
      else next = value;
    },
    stop() {
      clearTimeout(timer);
      timer = undefined;
      next = undefined;
    },
  };
}
