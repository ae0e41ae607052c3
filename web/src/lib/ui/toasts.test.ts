import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { toasts } from './toasts.svelte.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('leaves words without the way back when somebody else comes', () => {
	toasts.say('Added: Dark', () => {});
	toasts.say('Now you watch as Kim');
	toasts.settle();
	expect(toasts.all.map(({ text }) => text)).toEqual(['Now you watch as Kim']);
});
