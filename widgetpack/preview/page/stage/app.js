// The page's global APP (AMOCRM until 2023), as far as docs/environment-variables and public widgets ask for it.
import { account } from './account.js';
import { emit, shown } from './events.js';
import { entityOf, isCard, TYPES } from './entities.js';
import { guarded, throwing } from './guard.js';
import { addNotificationCallback, notifications } from './notifications.js';
import { opened } from './opened.js';
import { methods, params } from './self.js';
import { world } from './world.js';

// Numbers of field types (docs/custom fields of the API before 2019, and APP.cf_types of the page).
const FIELDS = {
  text: 1,
  numeric: 2,
  checkbox: 3,
  select: 4,
  multiselect: 5,
  date: 6,
  url: 7,
  multitext: 8,
  textarea: 9,
  radiobutton: 10,
  streetaddress: 11,
  smart_address: 13,
  birthday: 14,
  legal_entity: 15,
  items: 16,
  org_legal_name: 17,
  category: 18,
  date_time: 19,
  price: 20,
  tracking_data: 21,
};

// Parts of APP that the platform has and the sandbox does not play: they throw on first use.
const UNPLAYED = [
  'router',
  'socket',
  'inbox',
  'feed',
  'lists',
  'cards',
  'charts',
  'digitalPipeline',
  'pubsub',
  'mail',
];

export function makeApp() {
  const target = {
    constant,
    data: opened(),
    sdk: sdk(),
    ...areas(),
    ...facts(),
    notifications: notifications(),
    addNotificationCallback,
  };
  UNPLAYED.forEach((name) => {
    target[name] = throwing(`APP.${name}`);
  });
  return guarded(target, 'APP');
}

// With a value it would set the constant of the whole page.
function constant(name, ...written) {
  if (written.length) {
    emit('call', 'warning', {
      name: 'APP.constant',
      given: [name, ...written].map((one) => shown(one)).join(', '),
      message: 'sets a constant of the page: moderation refuses what writes to APP',
    });
    return written[0];
  }
  const { user, users, groups, task_types: types, pipelines } = account();
  const managers = Object.fromEntries(
    users.map((one) => [
      one.id,
      {
        id: one.id,
        title: one.name,
        login: one.email,
        active: true,
        free_user: 'N',
        is_admin: one.rights?.is_admin ? 'Y' : 'N',
        group: `group_${one.rights?.group_id ?? 0}`,
        amo_profile_id: String(one.id),
      },
    ]),
  );
  const known = {
    card_id: isCard() ? world.open?.id : undefined,
    user: { ...user, lang: world.locale, personal_mobile: '', theme: document.documentElement.dataset.colorScheme },
    account: { ...accountFacts(), language: world.locale, users: managers },
    managers,
    groups: Object.fromEntries([['group_0', 'Managers'], ...groups.map((one) => [`group_${one.id}`, one.name])]),
    task_types: Object.fromEntries(
      types.map((one) => [one.id, { id: one.id, option: one.name, type: one.code, code: one.code }]),
    ),
    lead_statuses: Object.fromEntries(
      pipelines
        .flatMap((one) => one._embedded.statuses)
        .map((one) => [one.id, { id: one.id, name: one.name, color: one.color, sort: one.sort }]),
    ),
    pipelines: Object.fromEntries(pipelines.map((one) => [one.id, one])),
    user_rights: { is_admin: user.is_admin, leads: 'A', contacts: 'A', companies: 'A' },
    cf_types: FIELDS,
  };
  if (!(name in known)) {
    emit('missing', 'warning', {
      message: `APP.constant(${JSON.stringify(name)}) is not imitated: it is undefined here`,
      part: `APP.constant(${JSON.stringify(name)})`,
      constant: name,
      path: '',
      by: 'APP',
    });
  }
  return known[name];
}

function accountFacts() {
  const { id, name, subdomain, currency, country, timezone, version } = account();
  return {
    id,
    name,
    subdomain,
    currency,
    country,
    timezone,
    version,
    amojo_enabled: true,
    top_level_domain: account().host.split('.').pop(),
  };
}

function sdk() {
  // Of the account's users the one who looks at the page is there, and nobody else.
  const users = account().users.map(({ id }) => ({ id, online: id === account().user.id }));
  const online = users.filter((one) => one.online).map(({ id }) => id);
  return guarded(
    {
      // An id gives whether that user is there, `online` the ids of those who are, anything else all users.
      showUserStatus: (asked) =>
        asked === 'online'
          ? online
          : (users.find(({ id }) => String(id) === String(asked))?.online ??
            Object.fromEntries(users.map((one) => [one.id, one]))),
      getCallStatus: throwing('APP.sdk.getCallStatus'),
      setCallStatus: throwing('APP.sdk.setCallStatus'),
    },
    'APP.sdk',
  );
}

function areas() {
  return {
    getBaseEntity: () => entityOf(),
    isCard,
    getWidgetsArea: () => world.name,
    widgets: guarded(
      {
        system: {
          area: world.name,
          amouser: account().user.login,
          amouser_id: account().user.id,
          subdomain: account().subdomain,
          domain: account().host,
        },
        list: { [world.state.code]: { params: params(), ...methods({ actions: {}, sources: {}, labels: {} }) } },
        clear_cache() {},
      },
      'APP.widgets',
    ),
  };
}

function facts() {
  return {
    lang_id: world.locale,
    lang: {},
    element_types: TYPES,
    cf_types: FIELDS,
    note_types: { COMMON: 4, CALL_IN: 10, CALL_OUT: 11, SMS_IN: 102, SMS_OUT: 103 },
    system: {
      area: world.name,
      subdomain: account().subdomain,
      domain: account().host,
      server_time: Math.floor(Date.now() / 1000),
      format: {
        date: {
          date: account().date_format,
          date_short: account().date_format.slice(0, 5),
          full: `${account().date_format} ${account().time_format}`,
          time: account().time_format,
        },
      },
    },
  };
}
