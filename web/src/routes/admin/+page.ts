import { m } from '#lib/paraglide/messages.js';

export const load = () => ({ title: m.admin_title() });
