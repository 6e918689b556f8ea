"""What a person does by the command line: recorded, or only checked. Touches the session that it is given."""

from sqlalchemy.orm import Session


def ended(session: Session, *, dry_run: bool) -> str:
    """Keeps what was done, or with `dry_run` takes it back; says which of the two in words."""
    if dry_run:
        session.rollback()
        return "将记录 would be recorded"
    session.commit()
    return "已记录 recorded"
