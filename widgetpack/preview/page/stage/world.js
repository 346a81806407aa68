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

// The address of a file of the widget.
export function file(path) {
  return `${world.state.path}/${path}`;
}

// The other way: the path in the package of an address below it; any other as it is.
export function inPackage(path) {
  return path.replace(/^\/upl\/[^/]+\/\d+\/widget\//, '');
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

// Which settings are stored, and whether the widget is installed: kept for the tab, so that a reload changes nothing;
// other values in preview/*.json begin anew.
const keyOf = (code) => `widgetpack-preview:${code}`;
const origin = () => JSON.stringify([world.state.installed, world.state.stored]);

export function stored() {
  const { from, ...kept } = JSON.parse(sessionStorage.getItem(keyOf(world.state.code)) ?? '{}');
  return from === origin()
    ? kept
    : { status: world.state.installed ? 'installed' : 'install', fields: initialFields() };
}

export function store(change) {
  const next = { from: origin(), ...stored(), ...change };
  sessionStorage.setItem(keyOf(world.state.code), JSON.stringify(next));
}

// The shell asks for this, too.
export function forget(code) {
  sessionStorage.removeItem(keyOf(code));
}

function initialFields() {
  const empty = { users: () => ({}), users_lp: () => ({}) };
  const entries = world.state.fields.map((field) => [field.code, (empty[field.type] ?? (() => ''))()]);
  return { ...Object.fromEntries(entries), ...world.state.stored };
}
