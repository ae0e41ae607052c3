import { expect, it } from 'vitest';
import { once, sentence } from './attribution.ts';

const credit = (name: string, text = '') => ({ name, text, url: `https://${name}.example` });

it('names everybody once, whoever came first', () => {
	expect(once([credit('TMDB'), credit('JustWatch'), credit('TMDB')]).map(({ name }) => name)).toEqual(['JustWatch', 'TMDB']);
});

it('says what they ask for, with their name as the link', () => {
	const { before, link, after } = sentence(credit('TMDB'));
	expect(before + link + after).toBe('This product uses the TMDB API but is not endorsed or certified by TMDB.');
	expect([link, after]).toEqual(['TMDB', '.']);
	expect(sentence(credit('JustWatch')).link).toBe('JustWatch');
});

it('lets others say it in their own words', () => {
	expect(sentence(credit('Else', 'By Else, with love'))).toEqual({ before: 'By ', link: 'Else', after: ', with love' });
	expect(sentence(credit('Else', 'Made by somebody')).link).toBe('Made by somebody');
});
