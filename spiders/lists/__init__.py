"""What families share to read a list page: its rows, its pager, its sub-columns. Touches nothing."""
