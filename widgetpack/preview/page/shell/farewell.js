// The platform calls destroy when the user leaves an area: the stage does so before it goes, and what that brings to
// light is kept for the next list, for the one of the area is gone by then.
const PATIENCE = 1000; // Milliseconds: a promise that never ends does not hold the menu.
const LATE = { kind: 'callback', level: 'warning', name: 'destroy', given: '', value: '' };
const said = new WeakMap();

// Gives the events of the leaving; asked twice for the same frame, it is left once.
export function leave(frame, title) {
  if (!frame) {
    return Promise.resolve([]);
  }
  if (!said.has(frame)) {
    said.set(frame, heard(frame, title));
  }
  return said.get(frame);
}

async function heard(frame, title) {
  const stage = stageIn(frame);
  if (!stage?.world.widget) {
    return [];
  }
  const before = new Set(stage.events);
  const isLate = await Promise.race([stage.leave().then(() => false), late()]);
  const events = stage.events.filter((one) => !before.has(one));
  const all = isLate ? [...events, { ...LATE, id: 'late', message: 'no answer after 1 second' }] : events;
  return all.map((one) => ({ ...one, id: `left ${one.id}`, left: title }));
}

function late() {
  return new Promise((resolve) => {
    setTimeout(() => resolve(true), PATIENCE);
  });
}

// A widget may have led the frame to another page, which has no stage, or one that nobody may look into.
function stageIn(frame) {
  try {
    return frame.contentWindow.widgetpack;
  } catch {
    return undefined;
  }
}
