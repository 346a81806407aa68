// The card in the mobile application: a frame with the page that the manifest names.
import { h } from '../dom.js';
import { tellFault } from '../errors.js';
import { world } from '../world.js';
import { logo, note, title } from './frame.js';

export async function draw(body) {
  const { frame_url: address = '', color = '#0b5cad' } = world.state.manifest.mobile ?? {};
  const safe = /^#[0-9a-f]{6}$/i.test(color) ? color : '#0b5cad';
  const frame =
    world.state.online && /^https:\/\//.test(address)
      ? h('iframe', { src: address, title: title(), sandbox: 'allow-scripts allow-forms allow-same-origin' })
      : note(
          h('p', {}, address || 'The manifest has no mobile.frame_url.'),
          address ? h('p', {}, 'The application shows this page here. Start with --online to load it.') : null,
        );
  body.append(
    h(
      'div',
      { class: 'stage-mobile' },
      h(
        'div',
        { class: 'stage-phone' },
        h(
          'header',
          { style: `background: ${safe}` },
          logo('logo_small', { width: 30, height: 30 }),
          h('strong', {}, title()),
        ),
        frame,
      ),
    ),
  );
  if (!/^https:\/\//.test(address)) {
    tellFault(`mobile.frame_url: ${JSON.stringify(address)}, not an https address`, 'manifest.json');
  }
}

export async function play() {
  return {};
}
