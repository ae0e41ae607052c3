import { expect, test } from 'vitest';
import type { AvailabilityEvent } from './documents.ts';
import { announcement, newsOf } from './news.ts';

const TODAY = '2026-11-22';
const event = (part: Partial<AvailabilityEvent>): AvailabilityEvent => ({
	__typename: 'AvailabilityEvent',
	cursor: '1.a',
	kind: 'DATE_MOVED',
	expiresOn: '2026-12-03',
	previousExpiresOn: '2026-12-08',
	platform: { slug: 'netflix', name: 'Netflix' },
	title: { id: 'title_1', name: 'Dune' },
	...part
});

test('a day that moved is said with the new one, and marked with the old one', () => {
	const news = newsOf(event({}), TODAY);
	expect(news?.said).toMatch(/Dune now leaves on .*3/);
	expect(news?.mark).toMatch(/8/);
});

test('a first day has no old one to show', () => {
	expect(newsOf(event({ kind: 'LEAVING', previousExpiresOn: null }), TODAY)?.mark).not.toMatch(/\d/);
});

test('a day that was taken back means that it stays', () => {
	const renewed = newsOf(event({ kind: 'RENEWED', expiresOn: null }), TODAY);
	expect(newsOf(event({ expiresOn: null }), TODAY)?.said).toBe(renewed?.said);
});

test('a countdown and a price are no news', () => {
	expect(newsOf(event({ kind: 'COUNTDOWN' }), TODAY)).toBeNull();
	expect(newsOf(event({ kind: 'CHANGED' }), TODAY)).toBeNull();
});

test('a platform that we have no name for is no reason to fall silent', () => {
	for (const kind of ['ADDED', 'REMOVED'] as const)
		expect(newsOf(event({ kind, platform: null }), TODAY)?.said).toContain('Dune');
});

test('a few are read out, many are counted', () => {
	const news = newsOf(event({}), TODAY)!;
	expect(announcement([news, news])).toBe(`${news.said} ${news.said}`);
	const many = announcement(Array.from({ length: 12 }, () => news));
	expect(many).toContain('12');
	expect(many).not.toContain('Dune');
});
