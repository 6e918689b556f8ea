"""README.txt of a pack: what is in it and how it is verified, in Chinese and in English. Pure."""

from collections.abc import Mapping, Sequence

from monitor.evidence.claim import Claim
from monitor.wording import LANGUAGES, say, show_moment, state_line

WIDTH = 20


def readme(claim: Claim, files: Sequence[str], missing: Mapping[str, str]) -> str:
    """`files`: names in the pack; `missing`: what is not in it, as a wording key below `pack.absent`."""
    parts = []
    for language in LANGUAGES:
        lines = [say("pack.title", language), ""]
        lines.append(f"{claim.details['agency']['name']} {claim.year}  [{claim.agency.id}]")
        if claim.agency.invented:
            lines.append(say("page.invented_long", language))
        lines.append(state_line(claim.details, claim.at, language))
        lines.append(show_moment(claim.at, language))
        lines.append("")
        lines += [f"{name:<{WIDTH}} {say('pack.file.' + _key(name), language)}" for name in _named(files)]
        lines += [say(f"pack.absent.{key}", language, why=why) for key, why in missing.items()]
        lines += ["", *say("pack.how", language).splitlines()]
        parts.append("\r\n".join(lines))
    return ("\r\n\r\n" + "-" * 60 + "\r\n\r\n").join(parts) + "\r\n"


def _named(files: Sequence[str]) -> list[str]:
    """Each file, and each folder once."""
    return list(dict.fromkeys(name.split("/")[0] + ("/" if "/" in name else "") for name in files))


def _key(name: str) -> str:
    return name.strip("/").replace(".", "_").lower()
