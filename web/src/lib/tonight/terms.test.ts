import { expect, test } from 'vitest';
import { bars, degreeOf } from './terms.ts';

test('a bar is as long as a term counts, and filled as far as it brings something', () => {
	const [mood, time] = bars([
		{ name: 'mood', value: 0.5, weight: 0.8 },
		{ name: 'time', value: 1, weight: 0.2 }
	]);
	expect(mood).toMatchObject({ room: 1, part: 0.5, points: 40, of: 80 });
	expect(time).toMatchObject({ room: 0.25, part: 0.25, points: 20, of: 20 });
});

test('without terms there are no bars', () => {
	expect(bars([])).toEqual([]);
});

test('how much there is of something is said in words', () => {
	expect([1, 0.66, 0.5, 0.1, 0].map(degreeOf)).toEqual(['much', 'much', 'some', 'little', 'none']);
});
