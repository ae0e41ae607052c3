/** Where whoever is not signed in lives, as the server sees it. */

import { ask } from '#lib/api/client.ts';
import { graphql, type ResultOf } from '#lib/api/graphql.ts';

const HERE = graphql(`
	query Here {
		instance {
			country
			timeZone
		}
	}
`);

class Home {
	instance = $state.raw<ResultOf<typeof HERE>['instance'] | null>(null);

	async find(): Promise<void> {
		try {
			this.instance ??= (await ask(HERE, {})).instance;
		} catch {
			// The next one who needs it asks again; until then a country is chosen by hand.
		}
	}
}

export const home = new Home();
