import { expect, it } from 'vitest';
import { addressOf, stepOf, STEPS } from './evening.ts';

it('every step is at its own address', () => {
	for (const [at, step] of STEPS.entries()) {
		expect(stepOf(new URL(addressOf(at), 'http://x').searchParams)).toBe(step);
	}
});

it('begins with the first and ends at tonight', () => {
	expect(stepOf(new URLSearchParams('step=constructor'))).toBe('who');
	expect(stepOf(new URLSearchParams())).toBe('who');
	expect(addressOf(STEPS.length)).toBe('/');
	expect(addressOf(-1)).toBe('/');
});
