import { expect, it } from 'vitest';
import { sameName } from './names.ts';

it('a name is the same in other capitals, with spaces around and composed otherwise', () => {
	expect(sameName('  ZOE\u0308 ', 'zoë')).toBe(true);
	expect(sameName('Movie  night', 'Movie night')).toBe(true);
});

it('another name is another, and so is a part of it', () => {
	expect(sameName('Kid', 'Kids')).toBe(false);
	expect(sameName('', 'Kids')).toBe(false);
	expect(sameName('zoe', 'zoë')).toBe(false);
});
