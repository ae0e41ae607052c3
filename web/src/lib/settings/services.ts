/** What services cost a month. */

export interface Plan {
	name: string;
	monthlyPrice: string;
	currency: string;
	withAds: boolean;
}

export interface Service {
	slug: string;
	name: string;
	plans: readonly Plan[];
}

/** The cheapest way in; null where it has no plans, as a shop. */
export function cheapest(service: Service): Plan | null {
	return service.plans.reduce<Plan | null>(
		(least, plan) => (least === null || Number(plan.monthlyPrice) < Number(least.monthlyPrice) ? plan : least),
		null
	);
}

export interface Sum {
	currency: string;
	/** Of the cheapest plans, and of the dearest. */
	least: number;
	most: number;
}

/** What the chosen ones cost together, for each currency: plans of a country are rarely in two. */
export function monthly(services: readonly Service[], chosen: readonly string[]): Sum[] {
	const sums = new Map<string, { least: number; most: number }>();
	for (const service of services) {
		if (!chosen.includes(service.slug)) continue;
		// Cents, since prices in binary fractions add up to something else.
		const cents = new Map<string, number[]>();
		for (const plan of service.plans) {
			cents.set(plan.currency, [...(cents.get(plan.currency) ?? []), Math.round(Number(plan.monthlyPrice) * 100)]);
		}
		for (const [currency, prices] of cents) {
			const sum = sums.get(currency) ?? { least: 0, most: 0 };
			sums.set(currency, { least: sum.least + Math.min(...prices), most: sum.most + Math.max(...prices) });
		}
	}
	return [...sums].map(([currency, { least, most }]) => ({ currency, least: least / 100, most: most / 100 }));
}

/** Services with plans first, then shops; each by name as they come. */
export function sorted<Given extends Service>(services: readonly Given[]): Given[] {
	return [...services.filter((each) => each.plans.length), ...services.filter((each) => !each.plans.length)];
}
