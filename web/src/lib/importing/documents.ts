/** What the import desk asks and changes. */

import { graphql, type ResultOf } from '#lib/api/graphql.ts';

export const BATCH = graphql(`
	fragment Batch on ImportBatch {
		id
		source
		fileName
		state
		remarks
		createdAt
		committedAt
		undoneAt
		counts {
			lines
			matched
			ambiguous
			unknown
			settled
			skipped
			watches
			ratings
			wishes
			open
			committed
			wrote
			passed
		}
	}
`);

export const LINE = graphql(`
	fragment Line on ImportLine {
		line
		file
		what
		name
		kind
		year
		seasonNumber
		episodeNumber
		episodeName
		at
		dayOnly
		score
		match
		problem
		committed
		wrote
		title {
			...Named
		}
		episode {
			id
			seasonNumber
			number
			name
		}
		candidates {
			confidence
			why
			title {
				...Named
			}
			episode {
				id
				seasonNumber
				number
				name
			}
		}
	}

	fragment Named on Title {
		id
		name
		year
		kind
		genres
	}
`);

export const BATCHES = graphql(
	`
		query ImportBatches {
			importBatches {
				...Batch
			}
		}
	`,
	[BATCH]
);

export const READ_BATCH = graphql(
	`
		query ImportBatchLines($id: ID!, $match: [ImportMatch!], $first: Int!, $after: String) {
			importBatch(id: $id) {
				...Batch
				lines(match: $match, first: $first, after: $after) {
					nodes {
						...Line
					}
					pageInfo {
						hasNextPage
						endCursor
					}
				}
			}
		}
	`,
	[BATCH, LINE]
);

export const BRING = graphql(`
	mutation BringHistory($file: Upload!, $person: String) {
		importHistory(input: { file: $file, person: $person }) {
			__typename
			... on HistoryImported {
				batch {
					id
				}
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

export const SETTLE = graphql(
	`
		mutation SettleLines($input: SettleImportLinesInput!) {
			settleImportLines(input: $input) {
				__typename
				... on ImportLinesSettled {
					settled
					left
					batch {
						...Batch
					}
				}
				... on UserError {
					message
					code
				}
			}
		}
	`,
	[BATCH]
);

export const COMMIT = graphql(
	`
		mutation CommitBatch($input: ImportBatchInput!) {
			commitImport(input: $input) {
				__typename
				... on ImportChanged {
					done
					batch {
						...Batch
					}
				}
				... on UserError {
					message
					code
				}
			}
		}
	`,
	[BATCH]
);

export const TAKE_BACK = graphql(
	`
		mutation UndoBatch($input: ImportBatchInput!) {
			undoImport(input: $input) {
				__typename
				... on ImportChanged {
					done
					batch {
						...Batch
					}
				}
				... on UserError {
					message
					code
				}
			}
		}
	`,
	[BATCH]
);

export const DISCARD = graphql(`
	mutation DiscardBatch($input: ImportBatchInput!) {
		discardImport(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const OTHERS = graphql(`
	query TitlesOfThatName($words: String!, $first: Int!) {
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

export const EPISODES = graphql(`
	query EpisodesToChoose($id: ID!) {
		title(id: $id) {
			seasons {
				number
				episodes {
					id
					number
					name
				}
			}
		}
	}
`);

export type Batch = ResultOf<typeof BATCH>;
export type Counts = Batch['counts'];
export type Line = ResultOf<typeof LINE>;
export type Candidate = Line['candidates'][number];
/** A title that a line may speak of. */
export type Meant = Candidate['title'];
