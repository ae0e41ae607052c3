import { afterEach, expect, test } from 'vitest';
import { getLocale, overwriteGetLocale } from '#lib/paraglide/runtime.js';
import { finishSaid } from './finish.ts';

const before = getLocale;
afterEach(() => overwriteGetLocale(before));

const TODAY = '2026-11-22';
const PLAN = {
	canFinish: true, startBy: '2026-11-26', leavesOn: '2026-11-30', losesSeasons: [], sentence: 'Start by Thursday or you lose season 2.'
};

test("in English it is the API's own sentence", () => {
	overwriteGetLocale(() => 'en');
	expect(finishSaid(PLAN, 'SERIES', TODAY)).toBe(PLAN.sentence);
});

test('in other languages it says when to begin, what is lost, or the last day', () => {
	overwriteGetLocale(() => 'de');
	expect(finishSaid(PLAN, 'SERIES', TODAY)).toMatch(/26\. November/);
	expect(finishSaid(PLAN, 'FILM', TODAY)).toMatch(/30\. November/);
	const late = { ...PLAN, canFinish: false, startBy: null };
	expect(finishSaid(late, 'SERIES', TODAY)).toMatch(/30\. November/);
	expect(finishSaid({ ...late, losesSeasons: [4] }, 'SERIES', TODAY)).toMatch(/Staffel 4 .*30\. November/);
	expect(finishSaid({ ...late, losesSeasons: [4, 5] }, 'SERIES', TODAY)).toMatch(/Staffeln 4–5 .*30\. November/);
});
