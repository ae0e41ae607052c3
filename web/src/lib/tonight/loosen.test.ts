import { expect, test } from 'vitest';
import { loosen, nothingHere, type Way } from './loosen.ts';
import { addressOf, questionOf, type Question } from './question.ts';

const question: Question = { mood: 'SCARY', minutes: 60, company: 5, services: null, allowed: [] };
const asked = { question, excluded: ['title_1'] };
const way = (part: Partial<Way>): Way => ({
	constraint: 'TIME', wouldAdd: 3, timeMin: null, mood: null, groupSize: null, platform: null, ...part
});
const loosened = (part: Partial<Way>) => loosen(asked, way(part), ['netflix'])?.question;

test('each way changes its own constraint alone', () => {
	expect(loosened({ timeMin: 85 })).toEqual({ ...question, minutes: 85 });
	expect(loosened({ timeMin: null })).toEqual({ ...question, minutes: null });
	expect(loosened({ constraint: 'MOOD', mood: 'DARK' })).toEqual({ ...question, mood: 'DARK' });
	expect(loosened({ constraint: 'COMPANY', groupSize: 3 })).toEqual({ ...question, company: 3 });
	expect(loosened({ constraint: 'WATCHED' })).toEqual({ ...question, allowed: ['watched'] });
	expect(loosened({ constraint: 'AVOIDED_GENRE' })).toEqual({ ...question, allowed: ['avoided'] });
});

test('a service comes to those that one has, or has chosen', () => {
	const part = { constraint: 'PLATFORM', platform: { slug: 'mubi', name: 'MUBI' } };
	expect(loosened(part)?.services).toEqual(['netflix', 'mubi']);
	const chosen = { question: { ...question, services: ['hulu'] }, excluded: [] };
	expect(loosen(chosen, way(part), ['netflix'])?.question.services).toEqual(['hulu', 'mubi']);
});

test('what was not for tonight comes back, and nothing else changes', () => {
	expect(loosen(asked, way({ constraint: 'EXCLUDED' }), [])).toEqual({ question, excluded: [] });
});

test('a way that is not known leads nowhere', () => {
	expect(loosen(asked, way({ constraint: 'WEATHER' }), [])).toBeNull();
	expect(loosen(asked, way({ constraint: 'PLATFORM' }), [])).toBeNull();
});

test('a loosened question stands in the address, and is read from there', () => {
	const loose: Question = { ...question, services: ['netflix', 'mubi'], allowed: ['avoided', 'watched'] };
	expect(addressOf(loose)).toBe('?mood=scary&minutes=60&people=5&on=netflix,mubi&also=avoided,watched');
	expect(questionOf(new URLSearchParams(addressOf(loose)))).toEqual(loose);
	expect(questionOf(new URLSearchParams('?also=watched,weather')).allowed).toEqual(['watched']);
});

test('services that show nothing are told from questions that ask too much', () => {
	expect(nothingHere(0, [{ reason: 'PLATFORM', count: 800 }, { reason: 'COUNTRY', count: 9 }])).toBe(true);
	expect(nothingHere(0, [{ reason: 'PLATFORM', count: 800 }, { reason: 'MOOD', count: 9 }])).toBe(false);
	expect(nothingHere(2, [{ reason: 'PLATFORM', count: 800 }])).toBe(false);
});
