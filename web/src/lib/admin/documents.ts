/** What the admin's page asks, follows and changes. */

import { graphql, type ResultOf } from '#lib/api/graphql.ts';

export const RUN = graphql(`
	fragment AdminRun on SyncRun {
		id
		source
		reason
		night
		dryRun
		state
		plannedAt
		startedAt
		checkpointAt
		finishedAt
		durationS
		budget
		requests
		titles
		done
		failed
		rejected
		unplaced
		added
		updated
		removed
		removals
		problem
	}
`);

export const RUNS = graphql(
	`
		query AdminRuns($first: Int!, $after: String) {
			syncRuns(first: $first, after: $after) {
				nodes {
					...AdminRun
				}
				pageInfo {
					hasNextPage
					endCursor
				}
			}
			demoClock {
				now
				aheadDays
			}
			quarantinedTitles {
				problem
				title {
					id
					name
				}
			}
		}
	`,
	[RUN]
);

export const RUN_PROBLEMS = graphql(`
	query AdminRunProblems($id: ID!) {
		syncRun(id: $id) {
			problems {
				problem
				title {
					id
					name
				}
			}
		}
	}
`);

export const RUN_CHANGED = graphql(
	`
		subscription AdminRunChanged($after: Cursor) {
			syncRunChanged(after: $after) {
				__typename
				... on SyncRunEvent {
					cursor
					kind
					run {
						...AdminRun
					}
				}
				... on Resync {
					cursor
				}
				... on Heartbeat {
					cursor
				}
			}
		}
	`,
	[RUN]
);

export const START = graphql(
	`
		mutation AdminStart($input: StartSyncInput!) {
			startSync(input: $input) {
				__typename
				... on SyncRunResult {
					run {
						...AdminRun
					}
				}
				... on UserError {
					message
					code
				}
			}
		}
	`,
	[RUN]
);

export const CONFIRM = graphql(
	`
		mutation AdminConfirm($id: ID!) {
			confirmSync(id: $id) {
				__typename
				... on SyncRunResult {
					run {
						...AdminRun
					}
				}
				... on UserError {
					message
					code
				}
			}
		}
	`,
	[RUN]
);

export const RELEASE_TITLE = graphql(`
	mutation AdminReleaseTitle($id: ID!) {
		releaseSyncTitle(id: $id) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const MOVE_CLOCK = graphql(`
	mutation AdminMoveClock($days: Int!) {
		moveDemoClock(days: $days) {
			__typename
			... on DemoClockMoved {
				clock {
					now
					aheadDays
				}
			}
			... on UserError {
				message
				code
			}
			... on InvalidInputError {
				field
			}
		}
	}
`);

export const JOBS = graphql(`
	query AdminJobs($first: Int!) {
		jobs {
			tallies {
				kind
				waiting
				running
				done
				quarantined
			}
			due
			oldestDueAt
			quarantined(first: $first) {
				nodes {
					id
					kind
					key
					problem
					failures
					deaths
					finishedAt
				}
				pageInfo {
					hasNextPage
				}
			}
			webhooks(first: $first) {
				count
				more
				items {
					id
					webhookId
					problem
					attempts
					receivedAt
					nextTryAt
				}
			}
		}
	}
`);

export const RELEASE_JOB = graphql(`
	mutation AdminReleaseJob($id: ID!) {
		releaseJob(id: $id) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const QUALITY = graphql(`
	query AdminQuality($first: Int!) {
		dataQuality {
			dateConflicts(first: $first) {
				count
				more
				items {
					country
					seasonNumber
					platform {
						name
					}
					title {
						id
						name
					}
					claims {
						source
						signed
						expiresOn
						believed
					}
				}
			}
			unconfirmedEnds(first: $first) {
				count
				more
				items {
					country
					seasonNumber
					expiresOn
					source
					platform {
						name
					}
					title {
						id
						name
					}
				}
			}
			unknownTitles(first: $first) {
				count
				more
				items {
					kind
					justwatchId
					tmdbId
					imdbId
					sightings
					lastAt
				}
			}
			unknownPlatforms(first: $first) {
				count
				more
				items {
					packageId
					sightings
					lastAt
				}
			}
			titlesNowhere(first: $first) {
				count
				more
				items {
					id
					name
					year
				}
			}
			titlesWithoutRuntime(first: $first) {
				count
				more
				items {
					id
					name
					year
				}
			}
		}
	}
`);

export const MODEL = graphql(`
	query AdminModel {
		writerHealth {
			model
			accepted
			retried
			replaced
			away
			shareAccepted
			reasons {
				reason
				lines
			}
			lastWrittenAt
			lastProblem
			lastProblemAt
		}
	}
`);

export type Run = ResultOf<typeof RUN>;
export type Clock = NonNullable<ResultOf<typeof RUNS>['demoClock']>;
export type Resting = NonNullable<ResultOf<typeof RUNS>['quarantinedTitles']>[number];
export type Ledger = ResultOf<typeof JOBS>['jobs'];
export type GivenUp = Ledger['quarantined']['nodes'][number];
export type Quality = ResultOf<typeof QUALITY>['dataQuality'];
export type Health = NonNullable<ResultOf<typeof MODEL>['writerHealth']>;
