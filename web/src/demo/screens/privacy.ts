// The privacy page: who holds what, how long, what it is good for, and what a person can demand.
import { element } from '../../common/element';
import type { App } from '../app';
import { backLink, frame, heading } from '../screen-parts';

/** `#/privacy` */
export async function privacy(app: App): Promise<HTMLElement> {
  // The page is as useful without the operator's name as with an error in its place.
  const config = await app.config().catch(() => null);
  return frame(
    app,
    'screen-privacy',
    [
      backLink('#/'),
      heading('Privacy'),
      ...sections(config?.controller ?? null, config?.noticeVersion ?? null),
    ],
    [],
  ).element;
}

function sections(
  controller: { name: string; contact: string } | null,
  version: number | null,
): HTMLElement[] {
  return [
    part('Who is responsible', [
      controller
        ? `${controller.name}. Contact: ${controller.contact}.`
        : 'The operator of this site. (Its name could not be loaded; please reload.)',
    ]),
    part('What stays on your device', [
      'Numbers that describe your face, and the key that signs you in, encrypted in this browser. They stay until you delete them or clear the site data.',
      'Each look asks you to turn your head, in an order that changes each time, and, unless you choose otherwise, lights your face with soft colours from the screen for three seconds. Both tell a person from a picture. They are checked in this browser.',
      'Camera pictures exist in memory during a look only, and are wiped when it ends. The camera goes off at once.',
      'Nothing of your face is sent to this site or to anyone else.',
    ]),
    part('What the site keeps', [
      'Your account name; for each sign-in a public key, a use counter, and when and on which kind of device it was made and last used. Kept until you delete it.',
      'A session cookie while you are signed in. A log of events that names nobody. No tracking, no third parties.',
    ]),
    part('What it is for', [
      'To sign you in, and for nothing else. Data about your face is sensitive data; it is used only with your consent, which you give before the first look.',
    ]),
    part('You do not have to', [
      'An ordinary passkey does the same without a camera. Nothing is held back from you if you choose it.',
    ]),
    part('How good it is', [
      'The face check compares two sets of numbers and, if they are close, releases the key (mode A.1 of ISO/IEC 27553-1). The comparison guards the key; it is not cryptographically bound to your face.',
      'A photo, a video or a recorded look held before the camera is meant to fail, by the turns, the light and the look of the skin. Our own tests say how often it does; no laboratory has tested it. A mask of your face, or a video that is made while it looks, may pass. Look-alikes may too, rarely.',
      'A web page also cannot protect itself from a browser or device that is under someone else\u2019s control.',
    ]),
    part('Your rights', [
      'See what is kept: the account page lists it. Delete one sign-in or everything: there too, at once. Correct: delete and enrol again.',
      'Withdraw your consent: choose \u201cYour face data\u201d during a look, or delete everything. What is here is erased; the numbers are of no use anywhere else, so there is no copy to hand out.',
      'Complain: to the address above, or to the data protection authority where you live.',
    ]),
    element('p', { class: 'small' }, version === null ? '' : `Version ${version} of this notice.`),
  ];
}

function part(title: string, paragraphs: readonly string[]): HTMLElement {
  return element(
    'section',
    { class: 'part' },
    element('h2', {}, title),
    ...paragraphs.map((text) => element('p', {}, text)),
  );
}
