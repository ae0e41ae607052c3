import { describe, expect, it } from 'vitest';
import { columnsOf, placeAfter } from './arrows.ts';

describe('arrows in a grid of seven in three columns', () => {
	const after = (key: string, at: number, rtl = false) => placeAfter(key, at, 3, 7, rtl);

	it('go along the lines and between them', () => {
		expect(after('ArrowRight', 2)).toBe(3);
		expect(after('ArrowLeft', 3)).toBe(2);
		expect(after('ArrowDown', 1)).toBe(4);
		expect(after('ArrowUp', 4)).toBe(1);
		expect(after('Home', 5)).toBe(0);
		expect(after('End', 0)).toBe(6);
	});

	it('lead out at the top, and nowhere at the other edges', () => {
		expect(after('ArrowUp', 1)).toBe(-1);
		expect(after('ArrowLeft', 0)).toBeNull();
		expect(after('ArrowRight', 6)).toBeNull();
		expect(after('ArrowDown', 6)).toBeNull();
		expect(after('a', 2)).toBeNull();
	});

	it('reach the last one from above the gap of a short line', () => {
		expect(after('ArrowDown', 5)).toBe(6);
	});

	it('are the other way round where one reads from the right', () => {
		expect(after('ArrowLeft', 2, true)).toBe(3);
	});
});

it('counts the columns by what stands beside each other', () => {
	expect(columnsOf([10, 10, 10.4, 200, 200])).toBe(3);
	expect(columnsOf([10, 10])).toBe(2);
	expect(columnsOf([])).toBe(1);
});
