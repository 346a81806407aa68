// Which file plays which area.
import * as advanced from './advanced.js';
import * as card from './card.js';
import * as integrations from './integrations.js';
import * as linked from './linked.js';
import * as list from './list.js';
import * as menu from './menu.js';
import * as mobile from './mobile.js';
import * as pipeline from './pipeline.js';
import * as plain from './plain.js';
import * as salesbot from './salesbot.js';
import * as settings from './settings.js';
import * as sources from './sources.js';

export const AREAS = {
  integrations,
  settings,
  advanced_settings: advanced,
  lcard: card,
  ccard: card,
  comcard: card,
  cucard: card,
  card_sdk: linked,
  llist: list,
  clist: list,
  tlist: list,
  culist: list,
  catalogs: sources,
  lead_sources: sources,
  sms: sources,
  digital_pipeline: pipeline,
  salesbot_designer: salesbot,
  widget_page: menu,
  mobile_card: mobile,
  everywhere: plain,
};
