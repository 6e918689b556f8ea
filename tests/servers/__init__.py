"""Real servers for the integration tests, each started by the tests on 127.0.0.1 and ended by them."""
