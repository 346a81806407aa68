// What the parts of the stage share: the state that the server gave, the language, the area, and what is stored.
export const world = {
  state: null,
  area: 'integrations',
  locale: 'en',
  texts: {},
  widget: null,
  panel: false,
  // The area as the platform calls it: `self.system().area`.
  name: 'settings',
};

// The platform calls this one otherwise than its location (the vendor's own widget asks for this name).
const NAMES = { advanced_settings: 'advanced-settings', integrations: 'settings', card_sdk: 'lcard' };

export function enterArea(state, area, locale) {
  world.state = state;
  world.area = area;
  world.locale = state.locales.includes(locale) ? locale : (state.locales[0] ?? 'en');
  world.texts = state.texts[world.locale] ?? {};
  world.name = NAMES[area] ?? area;
  world.panel = state.areas.some((one) => one.id === area && one.has_panel);
}

export function area(id) {
  return world.state.areas.find((one) => one.id === id);
}

// The address of a file of the widget.
export function file(path) {
  return `${world.state.path}/${path}`;
}

export function card(entity) {
  return world.state.account[entity]?.[0] ?? null;
}

// A text of the manifest: the one that its key names, else the key itself, as on the platform.
export function word(key) {
  const found = lookup(key);
  return typeof found === 'string' ? found : String(key ?? '');
}

export function lookup(key) {
  const parts = String(key).split('.');
  let value = world.texts;
  for (const part of parts) {
    value = value !== null && typeof value === 'object' ? value[part] : undefined;
  }
  return value === undefined ? world.texts[key] : value;
}

// Which settings are stored, and whether the widget is installed: kept for the tab, so that a reload changes nothing.
const key = () => `widgetpack-preview:${world.state.code}`;

export function stored() {
  const kept = sessionStorage.getItem(key());
  if (kept) {
    return JSON.parse(kept);
  }
  return { status: world.state.installed ? 'installed' : 'install', fields: initialFields() };
}

export function store(change) {
  const next = { ...stored(), ...change };
  sessionStorage.setItem(key(), JSON.stringify(next));
  return next;
}

export function forget() {
  sessionStorage.removeItem(key());
}

function initialFields() {
  const empty = { users: () => ({}), users_lp: () => ({}) };
  const entries = world.state.fields.map((field) => [field.code, (empty[field.type] ?? (() => ''))()]);
  return { ...Object.fromEntries(entries), ...world.state.stored };
}
