"""The paths of the server, by subject: each module adds its own to the application."""
