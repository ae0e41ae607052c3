import { expect, test } from 'vitest';
import { SCOPES, SHAPES, addressOf, viewOf } from './view.ts';

test('every view is found again at its address', () => {
	for (const scope of SCOPES)
		for (const shape of SHAPES) {
			const address = addressOf({ scope, shape });
			expect(viewOf(new URLSearchParams(address))).toEqual({ scope, shape });
		}
});

test('what an address says that is no view is as usual', () => {
	const view = viewOf(new URLSearchParams('?show=<b>&as=tower'));
	expect(view).toEqual({ scope: 'mine', shape: 'list' });
	expect(addressOf(view)).toBe('');
});
