// The widget's own page in the settings: it draws into #work-area-<code>.
import { h } from '../dom.js';
import { call, isInstalled, makeWidget, start } from '../widget.js';
import { hand } from '../watch.js';
import { word, world } from '../world.js';
import { head, page, uninstalled } from './frame.js';

export async function draw(body) {
  const area = h('div', { class: 'stage-workarea', id: `work-area-${world.state.code}` });
  hand(area);
  body.append(
    page(
      'settings',
      h(
        'div',
        { class: 'stage-column', id: 'list_page_holder' },
        head(word(world.state.manifest.advanced?.title ?? '')),
        uninstalled(),
        area,
      ),
    ),
  );
}

export async function play() {
  if (isInstalled() && (await makeWidget()) && (await start())) {
    await call('advancedSettings', [], { needed: true });
  }
  return {};
}
