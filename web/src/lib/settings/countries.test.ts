import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { countries, zoneName, zones } from './countries.ts';

describe('countries', () => {
	it('are those that the API takes', () => {
		const source = readFileSync(join(import.meta.dirname, '../../../../domain/accounts/countries.py'), 'utf8');
		const taken = source.match(/"""\n([\sA-Z]+)"""/)![1]!.trim().split(/\s+/);
		expect(countries('en').map((each) => each.code).sort()).toEqual(taken.sort());
	});

	it('are in the order of their names in the language', () => {
		const german = countries('de').map((each) => each.name);
		expect(german.indexOf('Österreich')).toBeLessThan(german.indexOf('Polen'));
		expect(countries('es').find((each) => each.code === 'DE')?.name).toBe('Alemania');
	});
});

describe('zones', () => {
	it('hold the one that is set, once', () => {
		expect(zones('Mars/Base').filter((each) => each === 'Mars/Base')).toHaveLength(1);
		expect(zones('Europe/Berlin').filter((each) => each === 'Europe/Berlin')).toHaveLength(1);
	});

	it('are said with the city first', () => {
		expect(zoneName('America/Argentina/Buenos_Aires')).toBe('Buenos Aires, Argentina (America)');
		expect(zoneName('UTC')).toBe('UTC');
	});
});
