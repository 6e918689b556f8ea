"""Who is told what, when, and that it arrives once. Data: events → a message for each recipient → a delivery."""
