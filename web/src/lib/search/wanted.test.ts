import { describe, expect, it } from 'vitest';
import { GENRES, addressOf, filtersOf, toggled, unfiltered, wantedOf } from './wanted.ts';

const read = (address: string) => wantedOf(new URLSearchParams(address));

describe('the address of a search', () => {
	it('says all of it and nothing that is left open', () => {
		const address = '?q=star+wars&kind=film&genre=action,science-fiction&mood=epic&from=1977&to=1999&minutes=120&on=hulu,netflix';
		expect(addressOf(read(address))).toBe(address);
		expect(addressOf(read(''))).toBe('');
	});

	it('leaves out what it can not read', () => {
		const wanted = read('?kind=opera&genre=action,<b>&from=12&to=x&minutes=-5&on=a b,netflix,netflix');
		expect(wanted).toEqual({
			words: '', kind: null, genres: ['ACTION'], moods: [], from: null, to: null, minutes: null, services: ['netflix']
		});
	});

	it('cuts words that are longer than anybody types', () => {
		expect(read(`?q=${'x'.repeat(500)}`).words).toHaveLength(200);
	});
});

describe('filters', () => {
	it('are counted one by one, the words aside', () => {
		expect(filtersOf(read('?q=x&genre=action,drama&from=1990&kind=film'))).toBe(4);
		expect(filtersOf(unfiltered(read('?q=x&genre=action')))).toBe(0);
		expect(unfiltered(read('?q=x&genre=action')).words).toBe('x');
	});

	it('are put in and taken out in the order of all', () => {
		expect(toggled(GENRES, ['DRAMA'], 'ACTION')).toEqual(['ACTION', 'DRAMA']);
		expect(toggled(GENRES, ['ACTION', 'DRAMA'], 'ACTION')).toEqual(['DRAMA']);
	});
});
