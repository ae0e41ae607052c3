import { expect, test } from 'vitest';
import { MATCHES, OPEN, addressOf, shownOf } from './shown.ts';

test('what is shown is found again at its address', () => {
	for (const match of [null, ...MATCHES])
		for (const decide of [null, ...OPEN]) {
			const address = new URL(addressOf('import_1', { match, decide }), 'http://films.test');
			expect(address.pathname).toBe('/import/import_1');
			expect(shownOf(address.searchParams)).toEqual({ match, decide });
		}
});

test('an address that asks for nothing of ours shows all lines', () => {
	for (const asked of ['', '?show=__proto__', '?show=MATCHED', '?decide=settled&show='])
		expect(shownOf(new URLSearchParams(asked))).toEqual({ match: null, decide: null });
});

test('an id that is none stays one part of the path', () => {
	expect(addressOf('a/../b?c')).toBe('/import/a%2F..%2Fb%3Fc');
});
