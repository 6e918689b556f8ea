"""Configuration: the environment, the schema of what a user may write, and its loading. Imports nothing of ours."""
