// The shell's keys, pressed where the CRM has the focus: the shell itself hears only what is pressed outside of the frame.
const KEYS = ['r', 'R', 't'];
const later = window.setTimeout.bind(window);

function isTyping(event) {
  const target = event.composedPath()[0] ?? event.target;
  return target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.nodeName);
}

export function forwardKeys() {
  if (parent === window) {
    return;
  }
  window.addEventListener('keydown', (event) => {
    const isMine = event.isTrusted && KEYS.includes(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isMine && !isTyping(event)) {
      const { key } = event;
      // Handlers of the widget may come after this one.
      later(() => event.defaultPrevented || parent.postMessage({ widgetpack: 'key', key }, location.origin), 0);
    }
  });
}
