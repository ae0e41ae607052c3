import { expect, test } from 'vitest';
import { sizeOf } from './lettering.ts';

test('a word of wide letters is set smaller than one as long of narrow ones', () => {
	expect(sizeOf('Kingdom')).toBeLessThan(sizeOf('Illicit'));
	expect(sizeOf('Kingdom')).toBeLessThan(18.5);
});

test('short names are large, long ones smaller, and none can not be read', () => {
	expect(sizeOf('Dark')).toBe(21);
	expect(sizeOf('The Lord of the Rings: The Two Towers')).toBeLessThanOrEqual(13);
	expect(sizeOf('Supercalifragilisticexpialidocious')).toBe(9);
	expect(sizeOf('')).toBe(21);
});

test('scripts without spaces break anywhere, so that no word of theirs is too long', () => {
	expect(sizeOf('千と千尋の神隠し')).toBe(21);
});
