"""Read models of the pages: rows of the store in, frozen values out."""
