"""GraphQL over HTTP: the schema, the endpoint in front of it, its limits, and GraphiQL."""
