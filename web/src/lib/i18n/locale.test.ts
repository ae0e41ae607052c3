import { afterEach, expect, test, vi } from 'vitest';
import { getLocale, locales, overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { count, duration, price, shortDay } from './locale.svelte.ts';

const before = getLocale;
afterEach(() => overwriteGetLocale(before));

test('a price is said as its language does', () => {
	overwriteGetLocale(() => 'de');
	expect(price('8.99', 'USD')).toBe('8,99\u00a0$');
});

test('a sign with letters stays together from right to left', () => {
	overwriteGetLocale(() => 'ar');
	expect(price('8.99', 'USD')).toMatch(/US\$\u200e$/);
	expect(price('8.99', 'EUR')).toMatch(/€$/);
});

test('a page in English says days as its reader writes them', () => {
	overwriteGetLocale(() => 'en');
	vi.stubGlobal('navigator', { languages: ['fr-CA', 'en-GB', 'en-US'] });
	expect(shortDay('2026-11-26')).toMatch(/26 Nov/);
	vi.unstubAllGlobals();
});

test.each(locales)('small numbers are written in %s as Intl writes them', (locale) => {
	overwriteGetLocale(() => locale);
	const told = new Intl.NumberFormat(locale);
	for (const value of [...Array(1_100).keys(), 54_321, 0.5, -3]) expect(count(value)).toBe(told.format(value));
});

test.each(locales)('minutes are told in %s as Intl tells them, on one line', (locale) => {
	overwriteGetLocale(() => locale);
	const told = (value: number, unit: string) =>
		new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(value).replace(' ', '\u00a0');
	for (const minutes of [0, 1, 45]) expect(duration(minutes)).toBe(told(minutes, 'minute'));
	for (const hours of [1, 2, 11, 1_200]) expect(duration(hours * 60)).toBe(told(hours, 'hour'));
	expect(duration(125)).toBe(`${told(2, 'hour')} ${told(5, 'minute')}`);
});
