import { expect, it } from 'vitest';
import { pauseBefore, Place, verdictOf, type Update } from './feed.ts';

const event = (cursor: string): Update => ({ __typename: 'AvailabilityEvent', cursor });
const heartbeat = (cursor: string): Update => ({ __typename: 'Heartbeat', cursor });
const resync = (cursor: string): Update => ({ __typename: 'Resync', cursor });

it('tells each event once and in its order, and goes on behind the last', () => {
	const place = new Place();
	const told = ['7.a', '8.b', '8.b', '7.a', '9.c'].map((cursor) => place.hear(event(cursor)));
	expect(told).toEqual(['event', 'event', null, null, 'event']);
	expect(place.after).toBe('9.c');
});

it('goes on behind a sign of life too, and never back', () => {
	const place = new Place();
	expect(place.hear(heartbeat('9.c'))).toBeNull();
	expect(place.hear(event('9.c'))).toBeNull();
	expect(place.hear(heartbeat('4.z'))).toBeNull();
	expect(place.after).toBe('9.c');
});

it("reads all again where it is told to, and goes on there, though it lies before: the server's history is another", () => {
	const place = new Place();
	place.hear(event('900.a'));
	expect(place.hear(resync('12.b'))).toBe('resync');
	expect(place.after).toBe('12.b');
	expect(place.hear(event('13.c'))).toBe('event');
});

it('begins from now on where the cursor is none, and knows that something may be missed', () => {
	const place = new Place();
	expect(place.lose()).toBe(false);
	place.hear(event('900.a'));
	expect(place.lose()).toBe(true);
	expect(place.after).toBeNull();
	expect(place.hear(event('2.b'))).toBe('event');
});

it('is not misled by a cursor that is no number', () => {
	const place = new Place();
	place.hear(event('7.a'));
	expect(place.hear(event('x.y'))).toBeNull();
	expect(place.after).toBe('7.a');
});

it.each([
	['a lost network', { code: 1006 }, 'again'],
	['no event at all', null, 'again'],
	['an error of the browser', new Error('no'), 'again'],
	['a silent socket', { code: 4499 }, 'again'],
	['one that reads too slowly', { code: 1013 }, 'again'],
	['a restart, or another profile', { code: 1012 }, 'whose'],
	['a session that has ended', { code: 4401 }, 'whose'],
	['a message that is none', { code: 4400 }, 'later'],
	['nobody signed in', [{ extensions: { code: 'UNAUTHENTICATED' } }], 'whose'],
	['a cursor that is none', [{ extensions: { code: 'INVALID_INPUT', field: 'after' } }], 'cursor'],
	['another refusal', [{ extensions: { code: 'INVALID_INPUT', field: 'titleId' } }], 'later'],
	['errors without a word', [], 'later']
])('knows what follows from %s', (_, ended, verdict) => {
	expect(verdictOf(ended)).toBe(verdict);
});

it('waits longer after each try that fails, and never longer than 15 seconds', () => {
	const pauses = [0, 1, 2, 3, 4, 5, 50].map((failed) => pauseBefore(failed, 'again', 1));
	expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
	expect(pauseBefore(0, 'again', 0)).toBe(250);
	expect(pauseBefore(0, 'later', 1)).toBe(15_000);
});
