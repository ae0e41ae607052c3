import { expect, it } from 'vitest';
import { nextOf } from '#lib/welcome/next.ts';
import { doorFor } from './ended.ts';

const ORIGIN = 'http://127.0.0.1:8000';
const door = (path: string) => doorFor('over', new URL(path, ORIGIN));

it('leads to the door, and from there back to where somebody was', () => {
	const address = new URL(door('/search?q=dark&on=netflix,mubi')!, ORIGIN);
	expect(address.pathname).toBe('/welcome');
	expect(address.searchParams.get('why')).toBe('over');
	expect(nextOf(address.searchParams, ORIGIN)).toBe('/search?q=dark&on=netflix,mubi');
});

it('leads nobody around who stands there already', () => {
	expect(door('/welcome?next=/settings')).toBeNull();
	expect(door('/welcome/first?step=loved')).toBe('/welcome?why=over');
});
