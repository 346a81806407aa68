// Any page of the CRM: what is declared with `everywhere` runs on all of them, without a place of its own.
import { h } from '../dom.js';
import { isInstalled, makeWidget, start } from '../widget.js';
import { head, page, uninstalled } from './frame.js';

export async function draw(body) {
  body.append(
    page(
      'dashboard',
      h(
        'div',
        { class: 'stage-column' },
        head('Dashboard'),
        uninstalled(),
        h(
          'div',
          { class: 'stage-blocks', 'aria-hidden': 'true' },
          Array.from({ length: 6 }, () => h('i')),
        ),
      ),
    ),
  );
}

export async function play() {
  if (isInstalled() && (await makeWidget())) {
    await start();
  }
  return {};
}
