/** The language of the page, and how days, minutes and prices are said in it. */

import { dates, numbers } from '#lib/i18n/formats.ts';
import { m } from '#lib/paraglide/messages.js';
import { getLocale, locales, setLocale, getTextDirection } from '#lib/paraglide/runtime.js';

export type Locale = (typeof locales)[number];

/** What each language calls itself. */
export const NAMES: Record<Locale, string> = {
	en: 'English',
	de: 'Deutsch',
	es: 'Español',
	ar: 'العربية'
};

/** Tells the document which language it is in; once, before anything is drawn. */
export function announce(): void {
	document.documentElement.lang = getLocale();
	document.documentElement.dir = getTextDirection();
}

/** Another language: the page is loaded anew, since everything on it says something else. */
export function choose(locale: Locale): void {
	void setLocale(locale);
}

/** The page's language as the browser's owner writes days in it: "26 Nov" in Britain, "Nov 26" in America. */
function custom(): string {
	const language = getLocale();
	return navigator.languages.find((each) => each.split('-')[0] === language) ?? language;
}

const format = (options: Intl.DateTimeFormatOptions) => dates(options, custom());

/** A calendar day as the API writes it, `2026-11-21`; it has no zone, and is the same day everywhere. */
function midday(day: string): Date {
	return new Date(`${day}T12:00:00Z`);
}

/** "Sat 21 Nov". */
export function shortDay(day: string): string {
	return format({ weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' }).format(midday(day));
}

/** "Saturday, 21 November"; the year where it is another one than today's. */
export function longDay(day: string, today: string): string {
	const year = day.slice(0, 4) === today.slice(0, 4) ? undefined : 'numeric';
	return format({ weekday: 'long', day: 'numeric', month: 'long', year, timeZone: 'UTC' }).format(midday(day));
}

/** "November 2026". */
export function monthOf(day: string): string {
	return format({ month: 'long', year: 'numeric', timeZone: 'UTC' }).format(midday(day));
}

/** A moment on the viewer's clock: "21 Nov, 20:15". */
export function moment(at: string, zone: string): string {
	return format({ day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', timeZone: zone }).format(new Date(at));
}

/** The viewer's clock: "20:15". */
export function clock(at: Date, zone: string): string {
	return format({ hour: 'numeric', minute: '2-digit', timeZone: zone }).format(at);
}

/** Days from one calendar day to another. */
export function daysBetween(from: string, to: string): number {
	return Math.round((midday(to).getTime() - midday(from).getTime()) / 86_400_000);
}

/** Today on the viewer's calendar, as the API writes days. */
export function todayIn(zone: string, now = new Date()): string {
	return dates({ timeZone: zone, dateStyle: 'short' }, 'en-CA').format(now);
}

/** "2 hr 5 min", "45 min". */
export function duration(minutes: number): string {
	const hours = Math.floor(minutes / 60);
	const rest = minutes % 60;
	const said = [];
	if (hours) said.push(m.words_hours({ hours: count(hours) }));
	if (rest || !hours) said.push(m.words_minutes({ minutes: count(rest) }));
	return said.join(' ');
}

/** Below it all our languages write the same digits, with nothing between them. */
const PLAIN = 1_000;

/** "1,234". The first of Intl's formats takes a slow phone 100 ms: what is small goes without. */
export function count(value: number): string {
	return Number.isInteger(value) && value >= 0 && value < PLAIN ? String(value) : numbers().format(value);
}

const LEFT_TO_RIGHT = '\u200e';

/** "€12.99". A sign with letters, "US$", is held together among words that go from right to left. */
export function price(amount: string | number, currency: string): string {
	const parts = numbers({ style: 'currency', currency }).formatToParts(Number(amount));
	const apart = getTextDirection() === 'rtl';
	return parts
		.map(({ type, value }) => (apart && type === 'currency' && /[A-Z]\W$/.test(value) ? value + LEFT_TO_RIGHT : value))
		.join('');
}
