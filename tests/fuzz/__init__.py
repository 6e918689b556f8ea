"""A mutation fuzzer over the made golden files: damage them, read them, never crash, hang or read another number.

`python -m tests.fuzz FORMAT … --minutes N --seed S`, or `make fuzz ARGS="html --minutes 2"`.
"""
