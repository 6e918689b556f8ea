"""The one place where crawling and monitoring meet: tables, session, writes (the only INSERTs), reads (the only SELECTs)."""
