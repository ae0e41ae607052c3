/** What is changed about the profiles of a household. */

import { graphql } from '#lib/api/graphql.ts';

export const CREATE = graphql(`
	mutation CreateProfile($name: String!, $ceiling: Maturity!) {
		createProfile(name: $name, maturityCeiling: $ceiling) {
			__typename
			... on ProfileChanged {
				profile {
					id
				}
			}
			... on UserError {
				message
				code
			}
		}
	}
`);

export const RENAME = graphql(`
	mutation RenameProfile($id: ID!, $name: String!) {
		renameProfile(id: $id, name: $name) {
			__typename
			... on UserError {
				message
				code
			}
			... on RefusedError {
				field
			}
		}
	}
`);

export const SET_CEILING = graphql(`
	mutation SetCeiling($id: ID!, $ceiling: Maturity!) {
		setMaturityCeiling(id: $id, maturityCeiling: $ceiling) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const SET_PIN = graphql(`
	mutation SetPin($id: ID!, $pin: String) {
		setProfilePin(id: $id, pin: $pin) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const FORGET_PIN = graphql(`
	mutation ForgetPin($id: ID!, $password: String!) {
		forgetProfilePin(id: $id, password: $password) {
			__typename
			... on UserError {
				message
				code
			}
			... on RateLimitedError {
				retryAfter
			}
		}
	}
`);

export const DELETE = graphql(`
	mutation DeleteProfile($id: ID!) {
		deleteProfile(id: $id) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);
