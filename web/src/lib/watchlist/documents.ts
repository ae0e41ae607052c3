/** What the page of the watchlist asks, changes and follows. */

import { graphql, type ResultOf } from '#lib/api/graphql.ts';

export const WISH = graphql(`
	fragment Wish on WatchlistItem {
		id
		addedAt
		available
		expiresOn
		warning
		watchedAt
		note
		platformPreference {
			slug
			name
		}
		finish {
			canFinish
			startBy
			leavesOn
			losesSeasons
			sentence
		}
		offers {
			id
			source
			url
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
`);

export const WATCHLIST = graphql(
	`
		query Watchlist(
			$first: Int!
			$after: String
			$sort: WatchlistSort!
			$onMyPlatforms: Boolean
			$leavingWithinDays: Int
			$watched: Boolean
		) {
			watchlist(
				first: $first
				after: $after
				sort: $sort
				onMyPlatforms: $onMyPlatforms
				leavingWithinDays: $leavingWithinDays
				watched: $watched
			) {
				nodes {
					...Wish
				}
				pageInfo {
					endCursor
					hasNextPage
				}
			}
		}
	`,
	[WISH]
);

export const WATCHLIST_CHANGED = graphql(
	`
		subscription WatchlistChanged($after: Cursor) {
			watchlistChanged(after: $after) {
				__typename
				... on Heartbeat {
					cursor
				}
				... on Resync {
					cursor
				}
				... on WatchlistEvent {
					cursor
					kind
					title {
						id
					}
					item {
						...Wish
					}
				}
			}
		}
	`,
	[WISH]
);

export const REMOVE_WISH = graphql(`
	mutation RemoveWish($input: WatchlistTitleInput!) {
		removeFromWatchlist(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const RESTORE_WISH = graphql(
	`
		mutation RestoreWish($input: WatchlistTitleInput!) {
			undoRemoveFromWatchlist(input: $input) {
				__typename
				... on UserError {
					message
					code
				}
				... on WatchlistItemChanged {
					item {
						...Wish
					}
				}
			}
		}
	`,
	[WISH]
);

export const WISH_WATCHED = graphql(
	`
		mutation WishWatched($input: MarkWatchedInput!) {
			markWatched(input: $input) {
				__typename
				... on UserError {
					message
					code
				}
				... on TitleMarked {
					item {
						...Wish
					}
				}
			}
		}
	`,
	[WISH]
);

export const WISH_UNWATCHED = graphql(
	`
		mutation WishUnwatched($input: UnmarkWatchedInput!) {
			unmarkWatched(input: $input) {
				__typename
				... on UserError {
					message
					code
				}
				... on TitleMarked {
					item {
						...Wish
					}
				}
			}
		}
	`,
	[WISH]
);

export const UPDATE_WISH = graphql(
	`
		mutation UpdateWish($input: UpdateWatchlistItemInput!) {
			updateWatchlistItem(input: $input) {
				__typename
				... on UserError {
					message
					code
				}
				... on WatchlistItemChanged {
					item {
						...Wish
					}
				}
			}
		}
	`,
	[WISH]
);

export type Wish = ResultOf<typeof WISH>;
export type WatchlistEvent = Extract<
	ResultOf<typeof WATCHLIST_CHANGED>['watchlistChanged'],
	{ __typename: 'WatchlistEvent' }
>;
