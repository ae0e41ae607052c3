import { describe, expect, it } from 'vitest';
import { bodyOf, dayFor, servicesFor } from './body.ts';
import type { About } from './documents.ts';

type Offer = NonNullable<About['title']>['offers'][number];

const offer = (slug: string, more: Partial<Offer> = {}): Offer => ({
	monetization: 'SUBSCRIPTION', seasonNumber: null, expiresOn: null, platform: { slug }, ...more
});
const about = (offers: Offer[], more: object = {}): About => ({
	title: { kind: 'FILM', externalIds: { justwatch: 'tm1', tmdb: 106, imdb: 'tt0093773' }, offers, ...more },
	platforms: [
		{ slug: 'hulu', name: 'Hulu', packageId: 15 },
		{ slug: 'netflix', name: 'Netflix', packageId: 8 },
		{ slug: 'ours', name: 'Ours', packageId: null }
	]
});
const happening = { platform: 'netflix', country: 'US', change: 'expiring', day: '2026-11-30' } as const;
const eventOf = (told: string | null) => JSON.parse(told!).data.events[0];

describe('a body', () => {
	it('says what happens to an offer, by all ids that others know', () => {
		expect(JSON.parse(bodyOf(about([offer('netflix')]), happening)!)).toEqual({
			type: 'offer.expiring',
			data: {
				country: 'US',
				events: [
					{
						change: 'expiring', node_id: 'tm1', object_type: 'MOVIE', tmdb_id: 106, imdb_id: 'tt0093773',
						package_id: 8, monetization_type: 'FLATRATE', available_to: '2026-11-30'
					}
				]
			}
		});
	});

	it('pays as the offer there is paid, and by subscription where there is none', () => {
		const rented = about([offer('hulu', { monetization: 'RENT' })]);
		expect(eventOf(bodyOf(rented, { ...happening, platform: 'hulu' })).monetization_type).toBe('RENT');
		expect(eventOf(bodyOf(rented, happening)).monetization_type).toBe('FLATRATE');
	});

	it('is of a season where only seasons are there', () => {
		const series = { kind: 'SERIES' };
		const seasons = about([offer('netflix', { seasonNumber: 2 })], series);
		expect(eventOf(bodyOf(seasons, happening))).toMatchObject({
			object_type: 'SHOW_SEASON', season_number: 2, tmdb_id: '106:2'
		});
		const whole = about([offer('netflix', { seasonNumber: 2 }), offer('netflix')], series);
		expect(eventOf(bodyOf(whole, happening))).toMatchObject({ object_type: 'SHOW', tmdb_id: 106 });
	});

	it('takes a day back with null alone', () => {
		const told = (change: 'added' | 'changed' | 'expired', day: string) =>
			eventOf(bodyOf(about([]), { ...happening, change, day }));
		expect(told('changed', '')).toHaveProperty('available_to', null);
		expect(told('added', '')).not.toHaveProperty('available_to');
		expect(told('expired', '2026-11-30')).not.toHaveProperty('available_to');
	});

	it('is none where nobody else could say what it is about', () => {
		const unknown = about([], { externalIds: { justwatch: null, tmdb: null, imdb: null } });
		expect(bodyOf(unknown, happening)).toBeNull();
		expect(bodyOf(about([]), { ...happening, platform: 'ours' })).toBeNull();
		expect(bodyOf({ ...about([]), title: null }, happening)).toBeNull();
	});
});

it('offers services with the title first, and none without a number', () => {
	const { has, others } = servicesFor(about([offer('netflix'), offer('ours')]));
	expect([has, others].map((each) => each.map(({ slug }) => slug))).toEqual([['netflix'], ['hulu']]);
});

it('offers what is included before what costs', () => {
	const both = about([offer('hulu', { monetization: 'BUY' }), offer('netflix')]);
	expect(servicesFor(both).has.map(({ slug }) => slug)).toEqual(['netflix', 'hulu']);
	const one = about([offer('netflix', { monetization: 'RENT' }), offer('netflix', { monetization: 'ADS' })]);
	expect(eventOf(bodyOf(one, happening)).monetization_type).toBe('ADS');
});

it('proposes a day that is news', () => {
	expect(dayFor(null, '2026-11-22')).toBe('2026-12-01');
	expect(dayFor('2026-12-01', '2026-11-22')).toBe('2026-12-02');
});
