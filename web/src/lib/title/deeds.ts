/** What one can do about a title, on its page and where it is an answer. */

import { graphql } from '#lib/api/graphql.ts';

export const ADD = graphql(`
	mutation AddTitle($input: AddToWatchlistInput!) {
		addToWatchlist(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const REMOVE = graphql(`
	mutation RemoveTitle($input: WatchlistTitleInput!) {
		removeFromWatchlist(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const MARK = graphql(`
	mutation MarkTitle($input: MarkWatchedInput!) {
		markWatched(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const UNMARK = graphql(`
	mutation UnmarkTitle($input: UnmarkWatchedInput!) {
		unmarkWatched(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const RATE = graphql(`
	mutation RateTitle($titleId: ID!, $score: Int) {
		rateTitle(titleId: $titleId, score: $score) {
			__typename
			... on TitleRated {
				score
			}
			... on UserError {
				message
				code
			}
		}
	}
`);
