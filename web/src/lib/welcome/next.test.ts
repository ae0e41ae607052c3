import { expect, it } from 'vitest';
import { nextOf } from './next.ts';

const ORIGIN = 'http://127.0.0.1:8000';
const next = (wanted: string) => nextOf(new URLSearchParams({ next: wanted }), ORIGIN);

it('leads to the page that was asked for', () => {
	expect(next('/settings')).toBe('/settings');
	expect(next('/search?words=dark#first')).toBe('/search?words=dark#first');
	expect(nextOf(new URLSearchParams(), ORIGIN)).toBe('/');
});

it.each([
	'https://elsewhere.example/', '//elsewhere.example/', '/\\elsewhere.example', 'javascript:alert(1)', 'settings',
	'/.//elsewhere.example', '/\t/elsewhere.example', '//', '/welcome?next=/welcome', '/welcome/first'
])('never leads to %s', (wanted) => {
	expect(next(wanted)).toBe('/');
});
