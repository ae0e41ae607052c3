import { expect, it } from 'vitest';
import { fit, fitting, meant, plain, stepped } from './match.ts';

const rows = ['Theme: dark', 'Dark', 'Go on as Kim', 'Español'].map((label) => ({ label }));
const labels = (typed: string) => fitting(typed, rows).map(({ label }) => label);

it('fits by the beginnings of words, whatever their accents and capitals', () => {
	expect(labels('espanol')).toEqual(['Español']);
	expect(labels('da th')).toEqual(['Theme: dark']);
	expect(labels('ark')).toEqual([]);
	expect(labels('')).toEqual(rows.map(({ label }) => label));
});

it('puts first what begins with what is typed', () => {
	expect(labels('dark')).toEqual(['Dark', 'Theme: dark']);
});

it('finds a row by words that it does not show, behind those that show them', () => {
	const more = [{ label: 'Appearance', words: 'night dark' }, { label: 'Dark' }];
	expect(fitting('dark', more).map(({ label }) => label)).toEqual(['Dark', 'Appearance']);
});

it('is not led astray by patterns or by nothing but marks', () => {
	expect(fit('.*', 'Dark')).toBe(0);
	expect(fit('(', 'Dark')).toBe(0);
	expect(plain('  ÉLÍTE ')).toBe('elite');
});

it('knows what is asked for by its own name', () => {
	expect(meant('sign o', 'Sign out')).toBe(true);
	expect(meant('sig', 'Sign out')).toBe(false);
	expect(meant('signs', 'Sign out')).toBe(false);
	expect(meant('dark', 'Theme: dark')).toBe(false);
});

it('goes around both ends', () => {
	const ids = ['a', 'b', 'c'];
	expect(stepped(ids, 'c', 1)).toBe('a');
	expect(stepped(ids, 'a', -1)).toBe('c');
	expect(stepped(ids, null, 1)).toBe('a');
	expect(stepped(ids, null, -1)).toBe('c');
	expect(stepped(ids, 'gone', 1)).toBe('a');
	expect(stepped([], 'a', 1)).toBeNull();
});
