// Line icons on a 24-unit grid, drawn for this project; built by the DOM, since inline markup is not allowed.
import { svg } from './element';

const paths = {
  check: ['M5 12.5 10 17.5 19.5 7'],
  camera: ['M4 8.5h3l1.6-2.5h6.8L17 8.5h3v10H4z', 'M12 16.2a3.1 3.1 0 1 0 0-6.2 3.1 3.1 0 0 0 0 6.2z'],
  'camera-off': [
    'M9 6h6.4L17 8.5h3v10h-1.5',
    'M5.5 8.5H4v10h12',
    'M4 4l16.5 16.5',
    'M9.6 11.2a3.1 3.1 0 0 0 4.3 4.3',
  ],
  clock: ['M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z', 'M12 7.5V12l3 2'],
  question: [
    'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z',
    'M9.7 9.6a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1.1.9-1.1 1.7',
    'M12 16.6v.1',
  ],
  key: ['M8.5 15.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M12.5 11.5H21v3', 'M17.5 11.5v2.5'],
  face: [
    'M4 8.5V6a2 2 0 0 1 2-2h2.5',
    'M15.5 4H18a2 2 0 0 1 2 2v2.5',
    'M20 15.5V18a2 2 0 0 1-2 2h-2.5',
    'M8.5 20H6a2 2 0 0 1-2-2v-2.5',
    'M8.7 9.3v1.4',
    'M15.3 9.3v1.4',
    'M12.2 9.3v3.6h-1',
    'M9.4 15.6h5.2',
  ],
  mien: ['M7.4 7.6v2.1', 'M16.6 7.6v2.1', 'M12.4 7.6v5.5h-1.5', 'M8.4 17.1c2.2.8 5 .8 7.2 0'],
  phone: [
    'M8 3.5h8a1.5 1.5 0 0 1 1.5 1.5v14a1.5 1.5 0 0 1-1.5 1.5H8A1.5 1.5 0 0 1 6.5 19V5A1.5 1.5 0 0 1 8 3.5z',
    'M11 17.8h2',
  ],
  timer: ['M12 20.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z', 'M12 9.5V13', 'M9.5 2.5h5'],
  purpose: ['M12 3.5 19 6v5.5c0 4.2-2.8 7.3-7 9-4.2-1.7-7-4.8-7-9V6z', 'M9 12l2.2 2.2L15.3 10'],
  undo: ['M8.5 5 4.5 9l4 4', 'M4.5 9h9.7a5.2 5.2 0 0 1 0 10.4H9'],
  cloud: ['M7 18.5a4 4 0 0 1-.6-8A5.6 5.6 0 0 1 17.2 9a4.8 4.8 0 0 1 .3 9.5z', 'M4 4l16.5 16.5'],
  warning: ['M12 4.5 21 19.5H3z', 'M12 10.5v4', 'M12 17v.1'],
  light: [
    'M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4z',
    'M12 2.8v2M12 19.2v2M2.8 12h2M19.2 12h2M5.5 5.5 6.9 6.9M17.1 17.1l1.4 1.4M18.5 5.5l-1.4 1.4M6.9 17.1l-1.4 1.4',
  ],
  back: ['M14.5 5.5 8 12l6.5 6.5'],
} as const;

export type IconName = keyof typeof paths;

/** Decorative; the words beside it carry the meaning. */
export function icon(name: IconName): SVGSVGElement {
  return svg(
    'svg',
    { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    ...paths[name].map((d) => svg('path', { d })),
  );
}
