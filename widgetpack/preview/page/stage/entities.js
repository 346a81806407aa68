// Which entities an area of the CRM is about, and the numbers that the platform gives to their kinds.
import { world } from './world.js';

export const TYPES = { contacts: 1, leads: 2, companies: 3, tasks: 4, customers: 12, catalogs: 10 };
const ENTITIES = {
  lcard: 'leads',
  ccard: 'contacts',
  comcard: 'companies',
  cucard: 'customers',
  llist: 'leads',
  clist: 'contacts',
  tlist: 'tasks',
  culist: 'customers',
};

export function entityOf(area = world.name) {
  return ENTITIES[area] ?? '';
}

export const isCard = () => /card$/.test(world.name);
export const isList = () => /list$/.test(world.name);
