/** What the developer corner asks and follows. */

import { graphql, type ResultOf } from '#lib/api/graphql.ts';

export const FIND = graphql(`
	query FindAbout($words: String!) {
		titles(search: $words, first: 8) {
			nodes {
				id
				name
				year
				kind
			}
		}
	}
`);

/** All that a sender of webhooks has to know of a title, and of the services of a country. */
export const ABOUT = graphql(`
	query WebhookAbout($id: ID!, $country: String!) {
		title(id: $id) {
			kind
			externalIds {
				justwatch
				tmdb
				imdb
			}
			offers(country: $country) {
				monetization
				seasonNumber
				expiresOn
				platform {
					slug
				}
			}
		}
		platforms(country: $country) {
			slug
			name
			packageId
		}
	}
`);

export const SIGN = graphql(`
	mutation SignWebhook($body: String!) {
		signWebhook(body: $body) {
			__typename
			... on SignedWebhook {
				id
				timestamp
				signature
			}
			... on UserError {
				message
				code
			}
			... on InvalidInputError {
				field
			}
			... on RateLimitedError {
				retryAfter
			}
		}
	}
`);

export const HEARD = graphql(`
	subscription HeardOfTitle($id: ID!, $after: Cursor) {
		availabilityChanged(scope: TITLE, titleId: $id, after: $after) {
			__typename
			... on Heartbeat {
				cursor
			}
			... on Resync {
				cursor
				reason
			}
			... on AvailabilityEvent {
				cursor
				kind
				country
				expiresOn
				previousExpiresOn
				source
				at
				platform {
					name
				}
			}
		}
	}
`);

export type Found = NonNullable<ResultOf<typeof FIND>['titles']>['nodes'][number];
export type About = ResultOf<typeof ABOUT>;
export type Heard = Extract<
	ResultOf<typeof HEARD>['availabilityChanged'],
	{ __typename: 'AvailabilityEvent' }
>;
