import { expect, it } from 'vitest';
import { lastDay } from './until.ts';

const offer = (slug: string, expiresOn: string | null) => ({ expiresOn, platform: { slug } });

it('goes by the services one has, and by all where none of those has it', () => {
	const offers = [offer('hulu', '2026-12-13'), offer('netflix', '2026-11-30')];
	expect(lastDay(offers, ['netflix'])).toBe('2026-11-30');
	expect(lastDay(offers, ['mubi'])).toBe('2026-12-13');
});

it('knows no last day where one names no end, or nobody has it', () => {
	expect(lastDay([offer('hulu', null), offer('hulu', '2026-11-30')], [])).toBeNull();
	expect(lastDay([], [])).toBeNull();
});
