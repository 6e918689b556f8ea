"""Safe reading: every document is read in a process of its own pool, within limits on time and memory.

`Readers` is all that the other rooms need; what it gives and takes stands in crawler.workers.job. May touch: child
processes, and the files that the jobs name, for reading. Knows no store and no archive.

    job.py      what is asked for, what comes back, the limits
    wire.py     how both sides speak: frames of JSON on a socket, checked against the types
    child.py    the reading process
    worker.py   one reading process, seen from the parent
    readers.py  the pool
"""

from crawler.workers.job import Failure, Job, Limits, Outcome
from crawler.workers.readers import Readers

__all__ = ["Failure", "Job", "Limits", "Outcome", "Readers"]
