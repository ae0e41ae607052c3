/** What is asked and changed about a household, its profiles and its keys. */

import { graphql } from '#lib/api/graphql.ts';

export const PLATFORMS = graphql(`
	query PlatformsWithPlans($country: String!) {
		platforms(country: $country) {
			slug
			name
			plans(country: $country) {
				name
				monthlyPrice
				currency
				withAds
			}
		}
	}
`);

export const SET_PLATFORMS = graphql(`
	mutation SetPlatforms($platforms: [String!]!) {
		setSubscribedPlatforms(platforms: $platforms) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const COUNTRIES = graphql(`
	query Countries {
		instance {
			countries
		}
	}
`);

export const UPDATE = graphql(`
	mutation UpdatePreferences($input: UpdatePreferencesInput!) {
		updatePreferences(input: $input) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const SKIPS = graphql(`
	query Skips {
		me {
			profile {
				skipCreditsMin
				skipRecapMin
			}
		}
	}
`);

export const KEYS = graphql(`
	query Keys {
		me {
			sessions {
				id
				current
				profileName
				userAgent
				address
				createdAt
				lastSeenAt
			}
			apiTokens {
				id
				name
				hint
				profileName
				createdAt
				lastUsedAt
			}
		}
	}
`);

export const REVOKE_SESSION = graphql(`
	mutation RevokeSession($id: ID!) {
		revokeSession(id: $id) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const REVOKE_OTHERS = graphql(`
	mutation RevokeOthers {
		revokeOtherSessions {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const CREATE_TOKEN = graphql(`
	mutation CreateToken($name: String!) {
		createApiToken(name: $name) {
			__typename
			... on ApiTokenCreated {
				secret
				apiToken {
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

export const REVOKE_TOKEN = graphql(`
	mutation RevokeToken($id: ID!) {
		revokeApiToken(id: $id) {
			__typename
			... on UserError {
				message
				code
			}
		}
	}
`);

export const CHANGE_PASSWORD = graphql(`
	mutation ChangePassword($current: String!, $next: String!) {
		changePassword(currentPassword: $current, newPassword: $next) {
			__typename
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

export const EXPORT = graphql(`
	query ExportMyData {
		exportMyData
	}
`);

export const DELETE_ACCOUNT = graphql(`
	mutation DeleteAccount($password: String!) {
		deleteAccount(password: $password) {
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
