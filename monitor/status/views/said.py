"""What the office said, of a year and of its findings: for every page that shows findings. May touch nothing."""

from monitor.desk.replies import Reply


class Answered:
    """For a view with `replies`: of the office, about one year and its findings, oldest first."""

    __slots__ = ()
    replies: tuple[Reply, ...]

    def said(self, finding_key: str = "") -> tuple[Reply, ...]:
        """What the office said of one finding, or of the year as a whole: what counts now, the newest first."""
        return tuple(reply for reply in self._about(finding_key) if reply.superseded_by is None)

    def said_before(self, finding_key: str = "") -> tuple[Reply, ...]:
        """What a newer reply replaced, the newest first."""
        return tuple(reply for reply in self._about(finding_key) if reply.superseded_by is not None)

    def _about(self, finding_key: str) -> tuple[Reply, ...]:
        return tuple(reply for reply in reversed(self.replies) if reply.finding_key == finding_key)
