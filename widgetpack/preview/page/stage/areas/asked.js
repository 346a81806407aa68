// A list of callbacks with what they answered: for areas whose look is the platform's business alone.
import { h } from '../dom.js';
import { shown } from '../events.js';
import { call, isInstalled, makeWidget, start } from '../widget.js';

export function callbacksPage(place, heading, asked) {
  const rows = asked.map(([name, given]) => {
    const answer = h('pre', { tabindex: '0' }, 'not asked yet');
    const run = async () => {
      const { value, failed, missing } = await call(name, given, { needed: true });
      answer.textContent = missing
        ? 'the widget has no such callback'
        : failed
          ? 'failed: see the timeline'
          : text(value);
    };
    const row = h(
      'section',
      { class: 'stage-asked' },
      h(
        'header',
        {},
        h('code', {}, `${name}(${given.map((one) => shown(one)).join(', ')})`),
        h('button', { class: 'button-input', type: 'button', onclick: run }, 'Ask'),
      ),
      answer,
    );
    return { run, row };
  });
  place.replaceChildren(h('h2', { class: 'stage-heading' }, heading), ...rows.map(({ row }) => row));
  return {
    async all() {
      for (const { run } of rows) {
        await run();
      }
    },
  };
}

export async function startAndAsk(asked) {
  if (isInstalled() && (await makeWidget()) && (await start())) {
    await asked.all();
  }
}

function text(value) {
  try {
    return JSON.stringify(value, null, 2) ?? String(value);
  } catch {
    return shown(value);
  }
}
