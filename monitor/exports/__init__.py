"""The data for others to work with: every table in every format, built as one package by a process of its own.

model       what a table and a field are; text that every format can hold
registry    agencies.csv, row by row
source      one moment of the store with the registry: what the tables are read from
tables/     the tables, each a list of fields and a stream of rows: one line each in TABLES
formats/    the formats, each a writer of rows: one line each in FORMATS
package     what goes with the tables: datapackage.json, licence, README, checksums
folder      the builds below <data_dir>/exports: the newest, those that are kept, what was left of a killed one
build       one build from beginning to end; runs in a child (`python -m monitor.exports`)
run         starts that child; used by the job `export` and by `gongkai export`
"""
