// Starts the page that tries the API. Nothing here leaves this instance.
"use strict";

window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  syntaxHighlight: { theme: "idea" },
  validatorUrl: null, // the default sends the document's address to swagger.io
});
