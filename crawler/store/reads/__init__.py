"""The only SELECTs, a file per noun. Nothing here writes."""
