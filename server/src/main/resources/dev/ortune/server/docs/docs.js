// Swagger UI with this server's document; nothing is loaded from elsewhere.
SwaggerUIBundle({ url: "openapi.json", dom_id: "#swagger-ui", deepLinking: true, validatorUrl: null });
