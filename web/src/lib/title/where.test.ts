import { describe, expect, it } from 'vitest';
import { linkOf, placesOf, ranges, surenessOf, type Told } from './where.ts';

const offer = (part: Partial<Told> & { slug: string }): Told => ({
	id: 'offer_1', monetization: 'SUBSCRIPTION', price: null, currency: null, quality: 'HD', seasonNumber: null,
	expiresOn: null, confidence: 0.8, source: 'justwatch', lastSeenAt: '2026-11-22T00:00:00Z', url: null,
	platform: { slug: part.slug, name: part.slug }, ...part
});

describe('the places of a title', () => {
	it('begin with the services one has', () => {
		const places = placesOf([offer({ slug: 'hulu' }), offer({ slug: 'netflix' })], ['netflix']);
		expect(places.map((place) => [place.slug, place.mine])).toEqual([['netflix', true], ['hulu', false]]);
	});

	it('tell seasons with the same terms once', () => {
		const offers = [1, 2, 3, 4].map((seasonNumber) =>
			offer({ slug: 'hulu', seasonNumber, expiresOn: seasonNumber < 4 ? '2026-12-01' : null })
		);
		expect(placesOf(offers, [])[0]!.terms.map((each) => each.seasons)).toEqual([[1, 2, 3], [4]]);
	});

	it('keep the whole title and a season apart', () => {
		const offers = [offer({ slug: 'hulu' }), offer({ slug: 'hulu', seasonNumber: 1 }), offer({ slug: 'hulu', quality: 'SD' })];
		expect(placesOf(offers, [])[0]!.terms.map((each) => each.seasons)).toEqual([[], [1], []]);
	});

	it('link to the web alone', () => {
		expect(linkOf('https://example.com/x')).toBe('https://example.com/x');
		expect(linkOf('javascript:alert(1)')).toBeNull();
		expect(linkOf(null)).toBeNull();
	});
});

it('writes numbers that follow each other as a range', () => {
	expect(ranges([3, 1, 2, 5, 7, 8])).toBe('1–3, 5, 7–8');
	expect(ranges([])).toBe('');
});

it('says how sure a confidence is', () => {
	expect([0.9, 0.75, 0.6, 0.3].map(surenessOf)).toEqual(['sure', 'sure', 'likely', 'unsure']);
});
