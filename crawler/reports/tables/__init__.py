"""The statutory tables of a document → facts: whose table, which rows and columns, which cell belongs to which code.

Touches nothing. `extract` is the way in; what labels mean comes from config/templates.
"""
