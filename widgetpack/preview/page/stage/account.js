// The account's own API, as far as widgets ask for it: reading by id, page and query, writing into memory.
import { oldAnswerOf } from './older.js';
import { store, stored, world } from './world.js';

const ENTITIES = ['leads', 'contacts', 'companies', 'customers', 'tasks', 'users', 'catalogs'];
const SECONDS = { m: 60, h: 3600, d: 86400 };
let data = null;
let lastId = 990000;

// Texts such as "-3d" become seconds since 1970, wherever a time may stand.
export function openAccount(account) {
  const now = Math.floor(Date.now() / 1000);
  data = JSON.parse(JSON.stringify(account), (key, value) => {
    const found = /(_at|_date|_till)$/.test(key) && /^([+-]\d+)([mhd])$/.exec(value);
    return found ? now + Number(found[1]) * SECONDS[found[2]] : value;
  });
  data.notes = [];
  data.pipelines = data.pipelines.length ? data.pipelines : [{ id: 1, name: 'Pipeline' }];
  data.pipelines.forEach((one) => {
    one._embedded = { statuses: [], ...one._embedded };
  });
  // What a fixture leaves out of an entity has a value that can be shown.
  ENTITIES.forEach((kind) =>
    (data[kind] ??= []).forEach((one) => {
      one.name ??= one.text ?? `#${one.id}`;
    }),
  );
  return data;
}

export function account() {
  return data;
}

export const ok = (body, status = 200) => ({ status, body });
const nothing = () => ({ status: 204, body: '' });

// The answer to a request for a path of the account, or null where nobody knows one.
export function answerOf(method, url, body) {
  const path = url.pathname.replace(/\/+$/, '');
  const found = /^\/(?:private\/)?(?:api|ajax)\/(v4|v2|v1)(\/.*)?$/.exec(path);
  if (!found) {
    return null;
  }
  const parts = (found[2] ?? '').split('/').filter(Boolean);
  const given = parsed(body);
  if (found[1] === 'v2') {
    return oldAnswerOf(method, parts, url, given);
  }
  const special = SPECIAL[parts[0]];
  if (special) {
    return special(method, parts, url, given);
  }
  if (!ENTITIES.includes(parts[0])) {
    return null;
  }
  return entity(method, parts, url, given);
}

function parsed(body) {
  if (typeof body !== 'string') {
    return body ?? null;
  }
  try {
    return JSON.parse(body);
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
}

const SPECIAL = {
  account: (method, parts, url) => ok(accountFacts(url.searchParams.get('with') ?? '')),
  widgets: (method, parts, url, given) => widget(method, parts, given),
  chats: (method, parts) =>
    method === 'POST'
      ? ok({ response: { chats: { templates: { added: ++lastId } } } })
      : parts[1] === 'templates'
        ? ok(page('chat_templates', []))
        : null,
  webhooks: (method) => (method === 'GET' ? ok(page('webhooks', [])) : ok({ id: ++lastId }, 201)),
  events: () => ok(page('events', [])),
};

function accountFacts(wanted) {
  const { users, groups, task_types: types } = data;
  const facts = ['id', 'name', 'subdomain', 'currency', 'currency_symbol', 'country', 'created_at'];
  const all = { users, users_groups: groups, task_types: types };
  const embedded = Object.fromEntries(Object.entries(all).filter(([key]) => wanted.includes(key)));
  return {
    ...Object.fromEntries(facts.map((key) => [key, data[key]])),
    current_user_id: data.user.id,
    _links: { self: { href: `https://${data.host}/api/v4/account` } },
    ...(Object.keys(embedded).length ? { _embedded: embedded } : {}),
  };
}

function widget(method, parts, given) {
  const code = world.state.code;
  if (!parts[1]) {
    return ok(page('widgets', [{ code, settings: stored().fields }]));
  }
  if (decodeURIComponent(parts[1]) !== code) {
    return { status: 404, body: { title: 'Not Found', status: 404, detail: `no widget ${parts[1]}` } };
  }
  if (method === 'POST') {
    store({ status: 'installed', fields: { ...stored().fields, ...given } });
  } else if (method === 'DELETE') {
    store({ status: 'install' });
    return nothing();
  }
  return ok({ code, is_installed: stored().status === 'installed', settings: stored().fields });
}

function entity(method, parts, url, given) {
  const [kind, second, third] = parts;
  if (kind === 'leads' && second === 'pipelines') {
    return pipelines(parts);
  }
  if (second === 'custom_fields') {
    return list(method, (data.custom_fields[kind] ??= []), 'custom_fields', url, given, third);
  }
  if (second === 'tags') {
    return ok(
      page(
        'tags',
        data[kind].flatMap((one) => one._embedded?.tags ?? []),
      ),
    );
  }
  if (second === 'notes' || third === 'notes') {
    return list(method, data.notes, 'notes', url, given);
  }
  if (third === 'links') {
    return ok(page('links', []));
  }
  if (third === 'elements') {
    const catalog = data.catalogs.find((one) => String(one.id) === second);
    return catalog ? list(method, (catalog.elements ??= []), 'elements', url, given, parts[3]) : nothing();
  }
  return third ? null : list(method, (data[kind] ??= []), kind, url, given, second);
}

function pipelines(parts) {
  const found = data.pipelines.find((one) => String(one.id) === parts[2]);
  if (!parts[2]) {
    return ok(page('pipelines', data.pipelines));
  }
  if (!found) {
    return nothing();
  }
  return ok(parts[3] === 'statuses' ? page('statuses', found._embedded.statuses) : found);
}

export function list(method, items, kind, url, given, id) {
  if (method === 'GET') {
    return id === undefined ? many(items, kind, url) : one(items, id);
  }
  if (method === 'DELETE') {
    const at = items.findIndex((item) => String(item.id) === id);
    items.splice(at, at < 0 ? 0 : 1);
    return nothing();
  }
  const now = Math.floor(Date.now() / 1000);
  const rows = (Array.isArray(given) ? given : [given ?? {}]).map((row) => ({
    ...row,
    ...(id ? { id: Number(id) } : {}),
  }));
  const done = rows.map((row) => {
    const there = items.find((item) => item.id === row.id);
    const next = there ?? { id: ++lastId, created_at: now };
    Object.assign(next, row, { id: next.id, updated_at: now });
    if (!there) {
      items.push(next);
    }
    return { id: next.id, request_id: row.request_id ?? String(items.length - 1), updated_at: now, name: next.name };
  });
  return ok(id ? done[0] : page(kind, done));
}

function one(items, id) {
  const found = items.find((item) => String(item.id) === id);
  return found ? ok(found) : nothing();
}

export function many(items, kind, url) {
  const asked = url.searchParams;
  const ids = [...asked].filter(([key]) => /^(filter\[)?id\]?(\[\d*\])?$/.test(key)).map(([, value]) => value);
  const query = (asked.get('query') ?? '').toLowerCase();
  const kept = items.filter(
    (item) =>
      (!ids.length || ids.includes(String(item.id))) &&
      JSON.stringify(item).toLowerCase().includes(query) &&
      filtered(item, asked),
  );
  const limit = Number(asked.get('limit')) || 50;
  const number = Number(asked.get('page')) || 1;
  const part = kept.slice((number - 1) * limit, number * limit);
  return part.length
    ? ok({ ...page(kind, part), _page: number, _page_count: Math.ceil(kept.length / limit) })
    : nothing();
}

// filter[key]=value on plain facts of an entity; what it does not have is not filtered by.
function filtered(item, asked) {
  return [...asked].every(([key, value]) => {
    const name = /^filter\[(\w+)\](?:\[\d*\])?$/.exec(key)?.[1];
    if (!name || name === 'id' || item[name] === undefined) {
      return true;
    }
    const options = asked.getAll(key);
    return typeof item[name] === 'boolean'
      ? item[name] === Boolean(Number(value))
      : options.includes(String(item[name]));
  });
}

function page(kind, items) {
  return {
    _page: 1,
    _page_count: 1,
    _links: { self: { href: `https://${data.host}/api/v4/${kind}` } },
    _embedded: { [kind]: items },
  };
}
