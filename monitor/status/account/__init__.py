"""Who asks and what may be done: sessions, forms, bounds and limits of the page. Pages use `asking`; the rest is the gate."""
