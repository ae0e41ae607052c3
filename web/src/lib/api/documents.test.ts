/** Every document in the sources, against the schema that the API writes. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, Kind, parse, validate, type DocumentNode, type FragmentDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../..');
const DOCUMENT = /graphql\(\s*`([^`]*)`/g;
const schema = buildSchema(readFileSync(join(SOURCES, '../../schema.graphql'), 'utf8'));

interface Found {
	file: string;
	text: string;
}

function found(): Found[] {
	return readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.(ts|svelte)$/.test(file) && !/\.(test|d)\.ts$/.test(file))
		.filter((file) => !file.includes('paraglide') && !file.endsWith('api/graphql.ts'))
		.flatMap((file) =>
			[...readFileSync(join(SOURCES, file), 'utf8').matchAll(DOCUMENT)].map(([, text]) => ({ file, text: text! }))
		);
}

function fragmentsOf(document: DocumentNode): FragmentDefinitionNode[] {
	return document.definitions.filter((each) => each.kind === Kind.FRAGMENT_DEFINITION);
}

/** A document with the fragments of others that it names, and those that these name. */
function completed(document: DocumentNode, all: Map<string, FragmentDefinitionNode>): DocumentNode {
	const definitions = [...document.definitions];
	const there = new Set(fragmentsOf(document).map((each) => each.name.value));
	for (const definition of definitions) {
		for (const [, name] of JSON.stringify(definition).matchAll(/"FragmentSpread","name":\{"kind":"Name","value":"(\w+)"/g)) {
			const fragment = all.get(name!);
			if (fragment && !there.has(name!)) {
				there.add(name!);
				definitions.push(fragment);
			}
		}
	}
	return { ...document, definitions };
}

const documents = found();
const parsed = documents.map(({ file, text }) => ({ file, document: parse(text, { noLocation: true }) }));
const fragments = new Map(
	parsed.flatMap(({ document }) => fragmentsOf(document).map((each) => [each.name.value, each] as const))
);

describe('documents', () => {
	it('are found at all', () => {
		expect(documents.length).toBeGreaterThan(3);
		expect(documents.filter(({ text }) => text.includes('${'))).toEqual([]);
	});

	it.each(parsed)('in $file say what the schema has', ({ document }) => {
		const whole = completed(document, fragments);
		const alone = whole.definitions.every((each) => each.kind === Kind.FRAGMENT_DEFINITION);
		const problems = validate(schema, whole).map((each) => each.message);
		expect(problems.filter((each) => !(alone && each.includes('is never used')))).toEqual([]);
	});
});
