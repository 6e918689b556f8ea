"""The only INSERTs and UPDATEs, a file per noun. Each function works in the session of its caller, who commits."""
