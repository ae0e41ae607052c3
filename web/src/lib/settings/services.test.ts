import { describe, expect, it } from 'vitest';
import { cheapest, monthly, sorted, type Service } from './services.ts';

const plan = (monthlyPrice: string, currency = 'EUR') => ({ name: 'Plan', monthlyPrice, currency, withAds: false });
const service = (slug: string, ...prices: string[]): Service => ({ slug, name: slug, plans: prices.map((each) => plan(each)) });

const SERVICES = [service('shop'), service('two', '10.10', '5.05'), service('one', '0.20'), service('free', '0.00')];

describe('a month', () => {
	it('costs the sum to the cent, from the cheapest plans to the dearest', () => {
		expect(monthly(SERVICES, ['one', 'two'])).toEqual([{ currency: 'EUR', least: 5.25, most: 10.3 }]);
	});

	it('counts neither shops nor what is not chosen', () => {
		expect(monthly(SERVICES, ['shop', 'elsewhere'])).toEqual([]);
		expect(monthly(SERVICES, ['free'])).toEqual([{ currency: 'EUR', least: 0, most: 0 }]);
	});

	it('never adds two currencies', () => {
		const abroad = { ...service('abroad'), plans: [plan('7.00', 'USD')] };
		expect(monthly([...SERVICES, abroad], ['one', 'abroad']).map((each) => each.currency)).toEqual(['EUR', 'USD']);
	});
});

it('the cheapest plan is the lowest number, not the first in the alphabet', () => {
	expect(cheapest(service('a', '10.00', '9.00'))?.monthlyPrice).toBe('9.00');
	expect(cheapest(service('shop'))).toBeNull();
});

it('shops come behind services', () => {
	expect(sorted(SERVICES).map((each) => each.slug)).toEqual(['two', 'one', 'free', 'shop']);
});
