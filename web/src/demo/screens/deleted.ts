// What a deletion did: at the site, and in this browser, each told for itself.
import { element } from '../../common/element';
import { type IconName, icon } from '../../common/icon';
import { sign } from '../../common/sign';
import type { App } from '../app';
import { deletionText } from '../deletion-text';
import { frame, heading, linkButton } from '../screen-parts';

/** `#/deleted` */
export function deleted(app: App): HTMLElement {
  const { deletion } = app;
  app.deletion = null;
  if (!deletion) {
    return frame(
      app,
      'screen-deleted',
      [sign('question', 'plain'), heading('Nothing was deleted')],
      [linkButton('To the first screen', 'primary', '#/', 'go-home')],
    ).element;
  }
  const { outcome, all } = deletion;
  const { site, here, passkeys } = deletionText(outcome, all);
  return frame(
    app,
    'screen-deleted',
    [
      sign(here.ok ? 'check' : 'warning', here.ok ? 'good' : 'bad'),
      heading(here.ok ? 'Deleted' : 'Deleted at the site only'),
      element(
        'ul',
        { class: 'results' },
        result('result-site', 'check', 'The site', site),
        result('result-here', here.ok ? 'check' : 'warning', 'This browser', here.text),
        passkeys === null ? null : result('result-passkeys', 'key', 'Your passkey manager', passkeys),
      ),
    ],
    [
      all
        ? linkButton('To the first screen', 'primary', '#/', 'go-home')
        : linkButton('Back to your account', 'primary', '#/account', 'go-account'),
    ],
  ).element;
}

function result(testId: string, glyph: IconName, who: string, text: string): HTMLElement {
  return element(
    'li',
    { class: `result ${glyph === 'warning' ? 'bad' : ''}`, 'data-testid': testId },
    icon(glyph),
    element('div', {}, element('h2', {}, who), element('p', {}, text)),
  );
}
