"""The REST interface below ``/api/v1``: lists, single things, the matrix, search, and their OpenAPI description."""
