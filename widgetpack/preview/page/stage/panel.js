// The right column of cards and lists: where self.render_template draws.
import { emit } from './events.js';
import { h } from './dom.js';
import { hand } from './watch.js';
import { file, world } from './world.js';

// The block of this widget, made when it is first drawn; null where the page has no right column.
function panel() {
  const column = document.querySelector('.card-widgets__elements');
  if (!column) {
    return null;
  }
  const { code } = world.state;
  return column.querySelector(`[data-code="${code}"]`) ?? made(column, code);
}

// The platform makes the block before the widget draws into it; from here on it is the widget's.
export function openPanel() {
  const block = panel();
  [block, ...block.querySelectorAll('*')].forEach(hand);
}

function made(column, code) {
  const body = h('div', { class: 'card-widgets__widget__body js-body-hide', id: `${code}_body` });
  const caption = h(
    'button',
    { class: 'card-widgets__widget__caption js-widget-caption-block', type: 'button', 'aria-expanded': 'true' },
    logo(),
    h('span', { class: 'stage-fold', 'aria-hidden': 'true' }),
  );
  const block = h(
    'div',
    { class: `card-widgets__widget ${code}_widget card-widgets__widget_show`, 'data-code': code },
    caption,
    body,
  );
  caption.addEventListener('click', () => {
    const folded = block.classList.toggle('card-widgets__widget_folded');
    caption.setAttribute('aria-expanded', String(!folded));
  });
  column.append(block);
  return block;
}

function logo() {
  const { images, listing } = world.state;
  const name = listing[world.locale]?.name ?? '';
  return images.logo_medium
    ? h('img', {
        class: 'card-widgets__widget__caption__logo',
        src: file(images.logo_medium),
        alt: name,
        width: 120,
        height: 42,
      })
    : h('span', { class: 'card-widgets__widget__caption__name' }, name);
}

export function drawPanel({ caption = {}, body = '', render = '' }, data) {
  const block = panel();
  if (!block || !world.panel) {
    emit('call', 'info', {
      name: 'self.render_template',
      given: '',
      message: block
        ? `the manifest names this area without a panel (\`${world.area}-1\` has one): the platform shows nothing`
        : 'there is no right column in this area: the platform shows nothing',
    });
    block?.remove();
    return false;
  }
  if (caption.class_name) {
    block
      .querySelector('.js-widget-caption-block')
      .classList.add(...String(caption.class_name).split(/\s+/).filter(Boolean));
  }
  if (caption.html) {
    window.jQuery(block).find('.js-widget-caption-block').prepend(caption.html);
  }
  const template = render?.ref ? { ref: render.ref } : /\{[{%#]/.test(render) && { data: render };
  const drawn = template ? window.twig(template).render(data) : render;
  window.jQuery(block).find('.card-widgets__widget__body').html(`${body}${drawn}`);
  return true;
}
