/** What is asked before somebody is signed in, and in the first evening. */

import { graphql } from '#lib/api/graphql.ts';

export const INSTANCE = graphql(`
	query Instance {
		instance {
			country
			timeZone
			demoAccounts {
				label
				email
				password
			}
		}
	}
`);

export const FIND = graphql(`
	query FindLoved($words: String, $first: Int!) {
		titles(search: $words, first: $first) {
			nodes {
				id
				name
				year
				kind
				genres
			}
		}
	}
`);
