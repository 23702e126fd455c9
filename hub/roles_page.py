"""Who may do what, as a page for people. `python -m hub.roles_page > docs/roles.md` writes it from roles.toml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hub.access import read_table

HEAD = """# Who may do what

Written from `hub/roles.toml` by `make protocol`; change that file, not this one. The hub reads the same file, and the
tests walk every cell through every door. Whoever may not do something gets the same answer as if it were not there.
"""


def page() -> str:
    table = read_table()
    parts = [
        HEAD,
        "## Inside a TwinSpace\n\nBy the role one has in it.\n",
        _matrix("role", table["roles"], table["actions"]),
        "## Outside TwinSpaces\n\nBy what one is.\n",
        _matrix("standing", table["standings"], table["duties"]),
    ]
    return "\n".join(parts)


def _matrix(what: str, rows: Mapping[str, Sequence[str]], columns: Mapping[str, str]) -> str:
    lines = [f"| {what} | {' | '.join(columns)} |", f"|---|{':-:|' * len(columns)}"]
    for name, granted in rows.items():
        cells = " | ".join("●" if column in granted else "–" for column in columns)
        lines.append(f"| {name.replace('_', ' ')} | {cells} |")
    meanings = [f"- **{column}**: {meaning}" for column, meaning in columns.items()]
    return "\n".join([*lines, "", *meanings, ""])


if __name__ == "__main__":
    print(page(), end="")
