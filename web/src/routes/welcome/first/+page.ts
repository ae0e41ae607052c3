import { m } from '#lib/paraglide/messages.js';

export const load = () => ({ title: m.welcome_first_title() });
