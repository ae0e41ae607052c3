import { afterEach, expect, test, vi } from 'vitest';
import { getLocale, overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { price, shortDay } from './locale.svelte.ts';

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
