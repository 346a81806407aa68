// Whether the stage has come to rest: what waits for an answer says so here.
import { hasFailed } from './errors.js';

let open = 0;
let last = 0;

// Resolves with true when no answer, style sheet or picture is awaited and nothing came for a moment; after 5 seconds
// with false.
export async function idle(quiet = 100) {
  const latest = performance.now() + 5000;
  last = performance.now();
  while (performance.now() < latest && performance.now() - last < quiet) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    if (open > 0 || isLoading()) {
      last = performance.now();
    }
  }
  return performance.now() < latest;
}

function isLoading() {
  return (
    [...document.images].some((one) => !one.complete) ||
    [...document.querySelectorAll('link[rel=stylesheet]')].some((one) => !one.sheet && !hasFailed(one))
  );
}

// A request was sent; its answer came.
export function begin() {
  open += 1;
  last = performance.now();
}

export function end() {
  open -= 1;
  last = performance.now();
}
