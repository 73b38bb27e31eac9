// One credential in plain words: on which device, since when, of which kind and mode.
import { element } from '../common/element';
import { icon } from '../common/icon';
import type { Credential } from './api/server';
import { dateText } from './date-text';

/** `deletable`: with a link to the confirmation. */
export function credentialCard(credential: Credential, deletable: boolean): HTMLElement {
  const { credentialId, kind, mode, device, createdAt, lastUsedAt, current } = credential;
  const face = kind === 'mien-face';
  const name = device === '' ? 'Unknown device' : device;
  return element(
    'article',
    { class: 'card', 'data-testid': 'credential', 'data-kind': kind },
    icon(face ? 'face' : 'key'),
    element(
      'div',
      { class: 'card-text' },
      element('h3', {}, name),
      element(
        'p',
        { class: 'chips' },
        element('span', { class: 'chip' }, face ? 'Face' : 'Passkey'),
        face && mode ? element('span', { class: 'chip', title: modeText(mode) }, `Mode ${mode}`) : null,
        current ? element('span', { class: 'chip accent' }, 'In use now') : null,
      ),
      element('p', { class: 'small' }, `Created ${dateText(createdAt)}`),
      lastUsedAt === null ? null : element('p', { class: 'small' }, `Last used ${dateText(lastUsedAt)}`),
    ),
    deletable
      ? element(
          'a',
          {
            class: 'card-action',
            href: `#/delete/${credentialId}`,
            'aria-label': `Delete ${face ? 'face' : 'passkey'} on ${name}`,
            'data-testid': 'delete-one',
          },
          'Delete',
        )
      : null,
  );
}

/** The modes of ISO/IEC 27553-1 Annex A. */
function modeText(mode: string): string {
  return mode === 'A.1'
    ? 'Compare and release: a match of your face opens the way to the key'
    : 'Key release: the key is bound to your face';
}
