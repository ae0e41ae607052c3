import { expect, it } from 'vitest';
import { charOf, Sequence, TOGETHER_MS, typing, type Key } from './keys.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) =>
	({ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, isComposing: false, repeat: false, ...more });
const key = (keys: string, run: (() => void) | undefined = () => {}): Key => ({ keys, label: () => keys, run });
const KNOWN = [key('/'), key('?'), key('g t'), key('g ,'), key('t')];
const typed = (chars: string, known = KNOWN, pause = 100) => {
	const sequence = new Sequence();
	return [...chars].map((char, i) => sequence.read(char, i * pause, known)?.keys ?? null);
};

it('means nothing with a modifier, while a word is composed, or while it is held', () => {
	expect(charOf(press('G'))).toBe('g');
	for (const more of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }, { repeat: true }])
		expect(charOf(press('g', more)), JSON.stringify(more)).toBeNull();
	expect(charOf(press('Enter'))).toBeNull();
	expect(charOf(press('Dead'))).toBeNull();
});

it('is found by its place where the letters are others', () => {
	expect(charOf(press('ل', { code: 'KeyG' }))).toBe('g');
	expect(charOf(press('ظ', { code: 'Slash' }))).toBe('/');
	expect(charOf(press('؟', { code: 'Slash', shiftKey: true }))).toBe('?');
	// A German keyboard has it above the seven.
	expect(charOf(press('/', { code: 'Digit7', shiftKey: true }))).toBe('/');
});

it('works alone, or as the second of two', () => {
	expect(typed('/')).toEqual(['/']);
	expect(typed('gt')).toEqual([null, 'g t']);
	expect(typed('g,')).toEqual([null, 'g ,']);
	expect(typed('xt')).toEqual([null, 't']);
});

it('begins anew after a pause, a wrong second key, or something else', () => {
	expect(typed('gt', KNOWN, TOGETHER_MS + 1)).toEqual([null, 't']);
	expect(typed('gxt')).toEqual([null, null, 't']);
	expect(typed('ggt')).toEqual([null, null, 'g t']);
	const sequence = new Sequence();
	sequence.read('g', 0, KNOWN);
	sequence.drop();
	expect(sequence.read('t', 1, KNOWN)?.keys).toBe('t');
});

it("is the page's own before it is everybody's, and what is only listed is passed over", () => {
	const mine = key('/');
	const listed: Key = { keys: '/', label: () => '' };
	expect(new Sequence().read('/', 0, [key('/'), mine, listed])).toBe(mine);
});

it('is a letter in a field', () => {
	const inside = { closest: (selector: string) => (selector.includes('textarea') ? {} : null) };
	expect(typing(inside)).toBe(true);
	expect(typing({ closest: () => null })).toBe(false);
	expect(typing(null)).toBe(false);
});
