// The ring of ticks: progress around the camera picture, and the mark of the house elsewhere.
import { svg } from './element';

const count = 72;

/** An SVG square (view box 0 0 100 100) and a way to fill it. */
export interface TickRing {
  readonly element: SVGSVGElement;
  /** From 0 to 1, clockwise from the top. */
  fill(fraction: number): void;
}

/** How many of `total` ticks stand for a fraction; a start is visible, and only the whole is full. */
export function ticksFor(fraction: number, total: number): number {
  if (!(fraction > 0)) return 0;
  if (fraction >= 1) return total;
  return Math.min(total - 1, Math.max(1, Math.round(fraction * total)));
}

/** Decorative: what it shows is said in words beside it. */
export function tickRing(): TickRing {
  const ticks = Array.from({ length: count }, (_, index) =>
    svg('line', {
      class: 'tick',
      x1: 50,
      y1: 1.2,
      x2: 50,
      y2: 5,
      transform: `rotate(${(index * 360) / count} 50 50)`,
    }),
  );
  const element = svg('svg', { class: 'tick-ring', viewBox: '0 0 100 100', 'aria-hidden': 'true' }, ...ticks);
  return {
    element,
    fill(fraction) {
      const on = ticksFor(fraction, count);
      ticks.forEach((tick, index) => {
        tick.classList.toggle('on', index < on);
      });
    },
  };
}
