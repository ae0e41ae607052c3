import { describe, expect, it } from 'vitest';
import { timelineOf, type Entry } from './timeline.ts';

const entry = (kind: string, day: string, expiresOn: string | null = null, part: Partial<Entry> = {}): Entry => ({
	kind, day, expiresOn, monetization: 'SUBSCRIPTION', seasonNumber: null,
	platform: { slug: 'netflix', name: 'Netflix' }, ...part
});
const TODAY = '2026-11-22';

describe('a timeline', () => {
	it('shows days around today where nothing is older or later', () => {
		const line = timelineOf([entry('ADDED', TODAY)], TODAY);
		expect([line.from, line.to]).toEqual(['2026-11-15', '2026-12-22']);
		expect(line.now).toBeCloseTo(7 / 37);
		expect(line.lanes[0]!.spans).toEqual([{ from: 7 / 37, to: 1, open: true }]);
	});

	it('reaches to the last day that was named, the whole of it', () => {
		const line = timelineOf([entry('ADDED', '2026-01-01', '2027-01-31')], TODAY);
		expect([line.from, line.to]).toEqual(['2026-01-01', '2027-02-01']);
		expect(line.lanes[0]!.spans).toEqual([{ from: 0, to: 1, open: false }]);
	});

	it('ends a span where it left, and begins another where it came back', () => {
		const line = timelineOf(
			[entry('ADDED', '2026-10-01'), entry('REMOVED', '2026-10-20'), entry('ADDED', '2026-11-10', '2026-11-30')],
			TODAY
		);
		const spans = line.lanes[0]!.spans;
		expect(spans).toHaveLength(2);
		expect(spans[0]!.to).toBeLessThan(spans[1]!.from);
		expect(spans.map((span) => span.open)).toEqual([false, false]);
	});

	it('is the same whatever order its entries come in, and marks where a last day moved', () => {
		const told = [entry('ADDED', '2026-10-01'), entry('LEAVING', '2026-11-01', '2026-12-01'), entry('DATE_MOVED', '2026-11-10', '2026-12-20')];
		const line = timelineOf(told, TODAY);
		expect(timelineOf([...told].reverse(), TODAY)).toEqual(line);
		expect(line.lanes[0]!.marks).toHaveLength(2);
		expect(line.lanes[0]!.spans).toHaveLength(1);
	});

	it('has a lane for each service and way to pay; seasons share one', () => {
		const lanes = timelineOf(
			[
				entry('ADDED', TODAY, '2026-11-24', { seasonNumber: 1 }),
				entry('ADDED', TODAY, null, { seasonNumber: 2 }),
				entry('ADDED', TODAY, null, { monetization: 'BUY' })
			],
			TODAY
		).lanes;
		expect(lanes.map((lane) => lane.spans.length)).toEqual([1, 1]);
		expect(lanes[0]!.spans[0]!.open).toBe(true);
	});
});
