// The methods that the platform gives to a widget: self.* of docs/script-js.
import { account } from './account.js';
import { emit, shown } from './events.js';
import { NotImitated, tellError, tellMissing } from './errors.js';
import { askElsewhere } from './network.js';
import { drawPanel } from './panel.js';
import { file, lookup, store, stored, world } from './world.js';

function told(name, given) {
  emit('call', 'info', { name: `self.${name}`, given: [...given].map((one) => shown(one)).join(', ') });
}

// What self.params and self.get_settings() hold: the stored fields, and where the widget is.
export function params() {
  const { status, fields } = stored();
  return {
    ...fields,
    widget_code: world.state.code,
    path: file('').replace(/\/$/, ''),
    cdn_path: file('').replace(/\/$/, ''),
    version: world.state.version,
    status,
    active: status === 'install' ? 'N' : 'Y',
    widget_active: status === 'install' ? 'N' : 'Y',
  };
}

export function methods(hooks) {
  return { ...facts(), ...texts(), ...drawing(), ...requests(), ...registering(hooks), ...refusing() };
}

// Widgets keep methods in variables; called so, they are about the same widget.
function of(self) {
  return self?.params ? self : world.widget;
}

function facts() {
  return {
    system() {
      const { user, subdomain } = account();
      return { area: world.name, amouser_id: user.id, amouser: user.login, subdomain, amohash: '' };
    },
    get_settings() {
      return of(this).params;
    },
    set_settings(values) {
      told('set_settings', arguments);
      Object.assign(of(this).params, values);
    },
    get_version() {
      return world.state.version;
    },
    get_install_status() {
      const { status } = stored();
      return status === 'error' ? 'not_configured' : status;
    },
    set_status(status) {
      told('set_status', arguments);
      if (!['install', 'installed', 'error', 'not_configured'].includes(status)) {
        emit('call', 'warning', {
          name: 'self.set_status',
          given: shown(status),
          message: 'the platform knows install, installed and error',
        });
      }
      of(this).params.status = status;
      store({ status });
    },
    // Of the pipeline whose source the widget is.
    get_pipeline_id() {
      const isSource = world.state.areas.some((one) => one.id === 'lead_sources' && one.offered);
      return isSource
        ? Promise.resolve(account().pipelines[0].id)
        : Promise.reject(new Error('the widget is no source: `locations` does not name `lead_sources`'));
    },
    list_selected() {
      const selected = world.selection ?? [];
      const count = (key) => selected.flatMap((one) => one[key]).length;
      const summary = { items: selected.length, emails: count('emails'), phones: count('phones') };
      return { selected, count_selected: selected.length, summary };
    },
    get_current_card_contacts_data() {
      const ids = (world.open?._embedded?.contacts ?? []).map((one) => one.id);
      const own = world.name === 'ccard' ? [world.open] : account().contacts.filter((one) => ids.includes(one.id));
      return Promise.resolve(own.map((one) => ({ id: one.id, ...names(one), ...channels(one) })));
    },
  };
}

function names({ name, first_name: first, last_name: last }) {
  const [head, ...rest] = name.split(' ');
  return { name, first_name: first ?? head, last_name: last ?? rest.join(' ') };
}

export function channels(entity) {
  const values = (code) =>
    (entity?.custom_fields_values ?? [])
      .filter((field) => field.field_code === code)
      .flatMap((field) => field.values.map((one) => one.value));
  return { phones: values('PHONE'), emails: values('EMAIL') };
}

function texts() {
  return {
    i18n(key) {
      const found = lookup(key);
      if (found === undefined) {
        emit('missing', 'warning', {
          message: `i18n/${world.locale}.json has no ${JSON.stringify(key)}`,
          text: key,
          path: `i18n/${world.locale}.json`,
          by: 'self.i18n',
        });
        return '';
      }
      return found;
    },
    set_lang(langs) {
      told('set_lang', arguments);
      of(this).langs = world.texts = { ...world.texts, ...langs };
    },
  };
}

function drawing() {
  return {
    // { ref } names a template of the page, { href, base_path, load } one of the widget, { data } holds its text.
    render(source, data = {}) {
      if (source?.href) {
        fromFile(source);
        return '';
      }
      const template = source?.ref
        ? window.twig({ ref: source.ref })
        : window.twig({ data: String(source?.data ?? '') });
      return template.render(data);
    },
    render_template(drawn, data = {}) {
      told('render_template', [drawn?.caption ?? {}]);
      return drawPanel(drawn ?? {}, data);
    },
    widgetsOverlay(isShown) {
      told('widgetsOverlay', arguments);
      document.querySelector('.card-widgets')?.classList.toggle('card-widgets_overlay', Boolean(isShown));
    },
  };
}

function fromFile({ href, base_path: base = '', v, load }) {
  const address = `${String(base).replace(/\/$/, '')}/${String(href).replace(/^\//, '')}`;
  const url = v ? `${address}?v=${encodeURIComponent(v)}` : address;
  window.twig({
    href: url,
    allowInlineIncludes: true,
    load(template) {
      try {
        load?.call(this, template);
      } catch (error) {
        tellError(error, `load of ${href}`);
      }
    },
    error() {
      tellMissing(url, 'self.render');
    },
  });
}

function requests() {
  return {
    crm_post(url, data, done, type = 'text', failed = undefined) {
      askElsewhere('POST', url, typeof data === 'string' ? data : JSON.stringify(data ?? null)).then((found) => {
        const refuse = (how) => failed?.call(this, { status: found.status, responseText: found.text }, how);
        try {
          if (found.status >= 400) {
            refuse('error');
          } else if (type === 'json' && !isJson(found.text)) {
            refuse('parsererror');
          } else {
            done?.call(this, type === 'json' ? JSON.parse(found.text) : found.text);
          }
        } catch (error) {
          tellError(error, 'answer of self.crm_post');
        }
      });
    },
    // The platform adds a token of the account that lives for one request; the sandbox has none to give.
    $authorizedAjax(options) {
      return window.jQuery.ajax({ ...options, headers: { ...options?.headers, 'X-Auth-Token': 'widgetpack-preview' } });
    },
  };
}

function isJson(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function registering(hooks) {
  return {
    add_action(kind, handler) {
      told('add_action', [kind]);
      hooks.actions[kind] = handler;
    },
    // The text names a source of a kind that the platform has no words for.
    add_source(kind, handler, text) {
      told('add_source', [kind]);
      hooks.sources[kind] = handler;
      hooks.labels[kind] = typeof text === 'string' ? text : String(kind);
    },
    setSdkCatalogId(id) {
      told('setSdkCatalogId', arguments);
      hooks.catalog = id;
    },
  };
}

// Methods that the platform has and the sandbox does not play.
function refusing() {
  const names = [
    'listenSocketChannel',
    'add_call_notify',
    'add_notification',
    'get_accounts_current',
    'set_dp_settings',
    'chart',
    'lead_source',
  ];
  return Object.fromEntries(
    names.map((name) => [
      name,
      () => {
        throw new NotImitated(`self.${name}()`);
      },
    ]),
  );
}
