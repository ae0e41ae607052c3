/** Plans that a profile follows. */

import { graphql } from '#lib/api/graphql.ts';

export const PLANS = graphql(`
	query BingePlans {
		bingePlans {
			...Followed
		}
	}

	fragment Followed on BingePlan {
		id
		skipFiller
		specials
		seasons
		planned
		minutes
		fits
		finishesOn
		title {
			id
		}
	}
`);

export const FOLLOW = graphql(`
	mutation FollowBinge($input: FollowBingeInput!) {
		followBinge(input: $input) {
			__typename
			... on BingeFollowed {
				plan {
					...Followed
				}
			}
			... on UserError {
				message
				code
			}
		}
	}

	fragment Followed on BingePlan {
		id
		skipFiller
		specials
		seasons
		planned
		minutes
		fits
		finishesOn
		title {
			id
		}
	}
`);

export const UNFOLLOW = graphql(`
	mutation UnfollowBinge($titleId: ID!) {
		unfollowBinge(titleId: $titleId) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const REPLANNED = graphql(`
	subscription BingeChanged($id: ID!, $after: Cursor) {
		bingeChanged(titleId: $id, after: $after) {
			__typename
			... on BingeEvent {
				cursor
				kind
			}
			... on Heartbeat {
				cursor
			}
			... on Resync {
				cursor
			}
		}
	}
`);
