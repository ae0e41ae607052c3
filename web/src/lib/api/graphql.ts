/** `graphql(…)`: documents that are typed by schema.graphql, so that a misspelt field fails the check. */

import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema.d.ts';

export const graphql = initGraphQLTada<{
	introspection: introspection;
	disableMasking: true;
	scalars: {
		ID: string;
		Cursor: string;
		Date: string;
		DateTime: string;
		Decimal: string;
		UUID: string;
	};
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
