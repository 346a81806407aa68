// APP.notifications and APP.addNotificationCallback: a line in the timeline, and one at the edge of the page.
import { PAUSE } from './asking.js';
import { emit, shown } from './events.js';
import { guarded } from './guard.js';
import { world } from './world.js';

export function notifications() {
  // The platform keeps some of them, and says when that is done (`callbacks`: done, fail, always).
  const say = (name, level) => (given, callbacks) => {
    const text = given?.text ?? given?.header ?? given;
    emit('call', level, { name: `APP.notifications.${name}`, given: shown(given) });
    toast(typeof text === 'string' ? text : (text?.header ?? text?.text ?? shown(given)), level);
    setTimeout(() => {
      callbacks?.done?.();
      callbacks?.always?.();
    }, PAUSE);
  };
  return guarded(
    {
      add_error: say('add_error', 'warning'),
      add_call: say('add_call', 'info'),
      show_notification: say('show_notification', 'info'),
      show_message_error: say('show_message_error', 'warning'),
      show_message: say('show_message', 'info'),
    },
    'APP.notifications',
  );
}

export function addNotificationCallback(code, handler) {
  emit('call', 'info', { name: 'APP.addNotificationCallback', given: shown([code, handler]) });
  if (!world.state.initOnce) {
    emit('call', 'warning', {
      name: 'APP.addNotificationCallback',
      given: '',
      message: 'needs `init_once: true` in the manifest, else it is lost on the next page',
    });
  }
}

function toast(text, level) {
  const note = document.createElement('div');
  note.className = `stage-toast stage-toast_${level}`;
  note.setAttribute('role', 'status');
  note.textContent = text;
  document.body.append(note);
  setTimeout(() => note.remove(), 5000);
}
