/** Queries to begin with, and the addresses at which GraphiQL opens with them. */

import { print } from 'graphql/language/printer';
import type { DocumentNode } from 'graphql';
import { graphql } from '#lib/api/graphql.ts';

export const TONIGHT = graphql(`
	query Tonight {
		recommend(input: { mood: COZY, timeMin: 110, groupSize: 2 }) {
			recommendations {
				title {
					name
					year
				}
				score
				why
				offers {
					platform {
						name
					}
					expiresOn
				}
			}
			dropped {
				reason
				count
			}
		}
	}
`);

export const LEAVING = graphql(`
	query LeavingThisWeek {
		leavingSoon(withinDays: 7, first: 10) {
			title {
				id
				name
			}
			expiresOn
			daysLeft
			regret
		}
	}
`);

export const CHANGES = graphql(`
	subscription WhatChanges {
		availabilityChanged(scope: MY_PLATFORMS) {
			... on AvailabilityEvent {
				cursor
				kind
				title {
					name
				}
				expiresOn
				previousExpiresOn
			}
			... on Heartbeat {
				cursor
			}
		}
	}
`);

/** Where GraphiQL opens with a document; it runs nothing by itself. */
export function graphiqlWith(document: unknown): string {
	return `/graphql?query=${encodeURIComponent(print(document as DocumentNode))}`;
}
