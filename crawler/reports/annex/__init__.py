"""The statistics annex of reports on 2014 to 2018 (form 2014): found, its lines read, each with its indicator.

Touches nothing. `tree` is the way in; the form itself is config/templates/2014.yml.
"""
