"""The shapes of the API's answers: pydantic models whose fields say what they are, in which unit, and what null means."""
