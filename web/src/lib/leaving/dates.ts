/** The names of a calendar's columns and corners. */

import { dates } from '#lib/i18n/formats.ts';

export { longDay } from '#lib/i18n/locale.svelte.ts';

const said = (day: string, options: Intl.DateTimeFormatOptions) =>
	dates({ ...options, timeZone: 'UTC' }).format(new Date(`${day}T12:00:00Z`));

/** "Sat". */
export const weekday = (day: string) => said(day, { weekday: 'short' });

/** "Nov". */
export const monthOf = (day: string) => said(day, { month: 'short' });
