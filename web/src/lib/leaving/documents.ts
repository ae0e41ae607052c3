/** What the page of leaving titles asks, and what it follows. */

import { graphql, type ResultOf } from '#lib/api/graphql.ts';

/** Whatever leaves within `days`; what of it is wished for says whether it can be finished. */
export const LEAVING = graphql(`
	query Leaving($days: Int!, $onlyMine: Boolean!, $member: Boolean!) {
		leavingSoon(withinDays: $days, first: 80, onlyMyPlatforms: $onlyMine) {
			regret
			why
			expiresOn
			seasons
			staysElsewhere
			onWatchlist
			offers {
				...LeavingOffer
			}
			title {
				...LeavingName
			}
		}
		watchlist(leavingWithinDays: $days, first: 40, watched: false, onMyPlatforms: true)
			@include(if: $member) {
			nodes {
				expiresOn
				offers {
					...LeavingOffer
				}
				finish {
					canFinish
					startBy
					leavesOn
					losesSeasons
					sentence
				}
				title {
					...LeavingName
				}
			}
		}
	}

	fragment LeavingName on Title {
		id
		name
		year
		kind
		runtimeMin
		genres
	}

	fragment LeavingOffer on Offer {
		id
		source
		expiresOn
		platform {
			slug
			name
		}
	}
`);

export const ARRIVALS = graphql(`
	query Arrivals($days: Int!) {
		newOnMyPlatforms(withinDays: $days, first: 12) {
			since
			offers {
				id
				source
				platform {
					slug
					name
				}
			}
			title {
				id
				name
				year
				kind
				runtimeMin
				genres
			}
		}
	}
`);

export const AVAILABILITY_CHANGED = graphql(`
	subscription AvailabilityChanged($scope: AvailabilityScope!, $after: Cursor) {
		availabilityChanged(scope: $scope, after: $after) {
			__typename
			... on Heartbeat {
				cursor
			}
			... on Resync {
				cursor
			}
			... on AvailabilityEvent {
				cursor
				kind
				expiresOn
				previousExpiresOn
				platform {
					slug
					name
				}
				title {
					id
					name
				}
			}
		}
	}
`);

type Answer = ResultOf<typeof LEAVING>;
export type Left = NonNullable<Answer['leavingSoon']>[number];
export type Wished = NonNullable<Answer['watchlist']>['nodes'][number];
export type Arrival = NonNullable<ResultOf<typeof ARRIVALS>['newOnMyPlatforms']>[number];
type Update = ResultOf<typeof AVAILABILITY_CHANGED>['availabilityChanged'];
export type AvailabilityEvent = Extract<Update, { __typename: 'AvailabilityEvent' }>;
