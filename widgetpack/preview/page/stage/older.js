// The API before 2019, for widgets that still ask it: lists have `items`, what belongs to an account goes by its id.
import { account, list, many, ok } from './account.js';

const KINDS = ['leads', 'contacts', 'companies', 'customers', 'tasks', 'catalogs'];

// The answer to /api/v2/... and /private/api/v2/json/..., or null where nobody knows one.
export function oldAnswerOf(method, parts, url, given) {
  const [kind, second, third] = parts;
  if (kind === 'json') {
    return second === 'accounts' && third === 'current' ? ok({ response: { account: wholeAccount() } }) : null;
  }
  if (kind === 'account') {
    return ok(partsOfAccount(url.searchParams.get('with') ?? ''));
  }
  if (kind === 'pipelines') {
    return ok({ _links: {}, _embedded: { items: byId(account().pipelines.map(pipeline)) } });
  }
  return KINDS.includes(kind) ? entities(method, kind, url, given) : null;
}

function entities(method, kind, url, given) {
  if (method === 'GET') {
    const found = many(account()[kind], kind, url);
    return found.status === 204
      ? found
      : ok({ _links: found.body._links, _embedded: { items: found.body._embedded[kind] } });
  }
  const rows = [...(given?.add ?? []), ...(given?.update ?? [])];
  const done = list('POST', account()[kind], kind, url, rows);
  return ok({ _links: {}, _embedded: { items: done.body._embedded[kind] } });
}

const byId = (items) => Object.fromEntries(items.map((one) => [one.id, one]));

function facts() {
  const { id, name, subdomain, currency, timezone } = account();
  return { id, name, subdomain, currency, timezone };
}

function pipeline({ id, name, sort = 0, is_main: isMain = false, _embedded: { statuses } }) {
  return { id, name, sort, is_main: isMain, statuses: byId(statuses) };
}

const user = ({ id, name, email, rights }) => ({
  id,
  name,
  login: email,
  group_id: rights?.group_id ?? 0,
  is_active: rights?.is_active ?? true,
  is_admin: rights?.is_admin ?? false,
});

function partsOfAccount(wanted) {
  const { users, groups, task_types: types, pipelines, custom_fields: fields } = account();
  const all = {
    users: byId(users.map(user)),
    groups: byId(groups),
    task_types: byId(types),
    pipelines: byId(pipelines.map(pipeline)),
    custom_fields: Object.fromEntries(Object.entries(fields).map(([kind, items]) => [kind, byId(items)])),
  };
  const asked = wanted.split(',');
  const embedded = Object.fromEntries(Object.entries(all).filter(([key]) => asked.includes(key)));
  return {
    ...facts(),
    current_user: account().user.id,
    ...(Object.keys(embedded).length ? { _embedded: embedded } : {}),
  };
}

function wholeAccount() {
  const { user: me, users, groups, task_types: types, pipelines, custom_fields: fields } = account();
  return {
    ...facts(),
    current_user: me.id,
    users: users.map(user),
    groups,
    task_types: types,
    leads_statuses: pipelines.flatMap((one) =>
      one._embedded.statuses.map((status) => ({ ...status, pipeline_id: one.id })),
    ),
    pipelines: byId(pipelines.map(pipeline)),
    custom_fields: fields,
  };
}
