// Runs before anything else in every page of `preview --check`: dialogs would stop the walk, and another page would end
// it, so both are told with the place that asked for them.
(() => {
  if (location.pathname !== '/stage' || parent !== window) {
    return;
  }
  window.name = '';
  sessionStorage.clear();
  localStorage.clear();
  const counts = { dialog: 0, left: 0 };
  const tell = (kind, message) => {
    if (++counts[kind] <= 100) {
      window.widgetpackTell(JSON.stringify({ kind, message, stack: new Error().stack }));
    }
  };
  for (const [name, value] of [
    ['alert', undefined],
    ['confirm', false],
    ['prompt', null],
    ['print', undefined],
  ]) {
    window[name] = (text = '') => {
      tell('dialog', `${name}(${JSON.stringify(String(text).slice(0, 100))})`);
      return value;
    };
  }
  const { open } = window;
  let windows = 0;
  window.open = (...given) => (++windows > 3 ? null : open.apply(window, given)); // as where they are blocked
  window.navigation?.addEventListener('navigate', (event) => {
    if (!event.destination.sameDocument && event.downloadRequest === null && event.cancelable) {
      const url = new URL(event.destination.url);
      const own = url.pathname === location.pathname ? 'the same page again' : url.pathname + url.search;
      tell('left', url.origin === location.origin ? own : url.href);
      event.preventDefault();
    }
  });
})();
