"""How a column is visited, whatever its family: what is asked for, the way through its lists, the pages behind them."""
