import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Later, MOMENT_MS } from './later.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what is done in a moment', () => {
	it('is done once, and not before', () => {
		const work = vi.fn();
		const later = new Later();
		later.plan('a', work);
		vi.advanceTimersByTime(MOMENT_MS - 1);
		expect(later.waits('a')).toBe(true);
		expect(work).not.toHaveBeenCalled();
		vi.advanceTimersByTime(MOMENT_MS * 2);
		expect(later.waits('a')).toBe(false);
		expect(work).toHaveBeenCalledTimes(1);
	});

	it('is not done when it was taken back', () => {
		const [one, other] = [vi.fn(), vi.fn()];
		const later = new Later();
		const back = later.plan('a', one);
		later.plan('b', other);
		back();
		vi.advanceTimersByTime(MOMENT_MS);
		expect(one).not.toHaveBeenCalled();
		expect(other).toHaveBeenCalledTimes(1);
	});

	it('is done at once when the page is left, and not a second time', () => {
		const work = vi.fn();
		const later = new Later();
		const back = later.plan('a', work);
		later.flush();
		expect(work).toHaveBeenCalledTimes(1);
		back();
		vi.advanceTimersByTime(MOMENT_MS);
		expect(work).toHaveBeenCalledTimes(1);
	});

	it('is planned once, however often it is pressed', () => {
		const work = vi.fn();
		const later = new Later();
		later.plan('a', work);
		later.plan('a', work);
		vi.advanceTimersByTime(MOMENT_MS);
		expect(work).toHaveBeenCalledTimes(1);
	});
});
