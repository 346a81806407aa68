// The edge between the CRM and the list: dragged or moved by arrow keys; where it was is remembered.
const wide = matchMedia('(min-width: 1600px)');
const STEP = 24; // pixels
const SIDES = {
  high: { least: 120, share: 0.7, whole: () => innerHeight, at: (event) => innerHeight - event.clientY },
  wide: { least: 340, share: 0.6, whole: () => innerWidth, at: (event) => innerWidth - event.clientX },
};

const side = () => (wide.matches ? 'wide' : 'high');

function resize(pixels) {
  const name = side();
  const { least, share, whole } = SIDES[name];
  const size = Math.round(Math.max(least, Math.min(pixels, whole() * share)));
  document.body.style.setProperty(`--dock-${name}`, `${size}px`);
  localStorage.setItem(`widgetpack-dock-${name}`, String(size));
  tell();
}

function current() {
  const { width, height } = document.getElementById('dock').getBoundingClientRect();
  return wide.matches ? width : height;
}

function tell() {
  const { least, share, whole } = SIDES[side()];
  const split = document.getElementById('split');
  const facts = {
    orientation: wide.matches ? 'vertical' : 'horizontal',
    valuemin: least,
    valuemax: Math.round(whole() * share),
    valuenow: Math.round(current()),
  };
  Object.entries(facts).forEach(([key, value]) => split.setAttribute(`aria-${key}`, String(value)));
}

export function openSplit(split) {
  Object.keys(SIDES).forEach((name) => {
    const kept = Number(localStorage.getItem(`widgetpack-dock-${name}`));
    if (kept > 0) {
      document.body.style.setProperty(`--dock-${name}`, `${kept}px`);
    }
  });
  split.addEventListener('pointerdown', (event) => {
    split.setPointerCapture(event.pointerId);
    document.body.classList.add('is-dragged');
  });
  split.addEventListener('pointermove', (event) => {
    if (split.hasPointerCapture(event.pointerId)) {
      resize(SIDES[side()].at(event));
    }
  });
  split.addEventListener('lostpointercapture', () => document.body.classList.remove('is-dragged'));
  split.addEventListener('keydown', (event) => {
    const steps = { ArrowUp: 1, ArrowLeft: 1, ArrowDown: -1, ArrowRight: -1 };
    if (event.key in steps) {
      resize(current() + steps[event.key] * STEP);
      event.preventDefault();
    }
  });
  wide.addEventListener('change', tell);
  tell();
}
