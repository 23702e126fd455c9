"""The command line: what can be typed. What it does is in `hub.commands`."""

from __future__ import annotations

import argparse
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

from hub import __version__

DESCRIPTION = "TwinSpace Hub: the place where twinned schools meet, write and keep what they made together."
EXAMPLES = """\
examples:
  hub demo                              try it: a hub with two schools, in a folder that is thrown away
  hub serve                             run a hub on http://localhost:8080, its data in ./data
  hub serve --host 0.0.0.0 --port 80    the same, for everybody in the network
  hub token teacher.es                  a token for scripts:
      curl -H "Authorization: Bearer $(hub token teacher.es)" http://localhost:8080/api/v1/twinspaces
  hub role pupil.es ID visitor          change somebody's role in a TwinSpace, also while the hub runs
  hub staff ana@sna.example --level national --country ES
                                        an account of a support service; prints where to choose its password
  hub factor ana@sna.example            take away a second factor that its owner has lost
  hub verify                            check every snapshot ever taken, bit by bit
  hub backup /backups/monday.tar        everything in one file, also while the hub runs; - writes to a pipe:
      hub backup - | age -r RECIPIENT > monday.tar.age
  hub restore /backups/monday.tar       put it back into an empty data folder, every byte compared
  hub reindex                           make the search index again from what is stored
  hub retention --dry-run               how long each kind of data is kept, and what would go now
  hub settings                          everything that can be set, e.g. HUB_DATA_DIR=/srv/hub hub serve
"""


def main(arguments: list[str] | None = None) -> None:
    options = vars(_parser().parse_args(arguments))
    # Imported now, because it is the whole hub, and `hub --help` should answer at once.
    from hub.commands import run

    sys.exit(run(options.pop("command"), options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="hub", description=DESCRIPTION, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"hub {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    serve = commands.add_parser("serve", help="run the hub until Ctrl-C", description="Run the hub until Ctrl-C.")
    _add_address(serve)
    _add_data_dir(serve)
    serve.add_argument("--demo", action="store_const", const=True, help="fill it with two schools to play with")
    serve.set_defaults(command="serve")

    demo = commands.add_parser(
        "demo", help="try it out: a hub with two schools", description="Run a hub with two schools to play with."
    )
    _add_address(demo)
    demo.add_argument("--data-dir", type=Path, help="keep the data here; without it, it is thrown away at the end")
    demo.set_defaults(command="demo")

    token = commands.add_parser(
        "token", help="print a token for scripts", description="Print a bearer token; it is good for a year."
    )
    token.add_argument("user", metavar="USER", help="the name the user signs in with, e.g. teacher.es")
    _add_data_dir(token)
    token.set_defaults(command="token")

    role = commands.add_parser(
        "role",
        help="change or take away somebody's role in a TwinSpace",
        description="Change or take away somebody's role. It acts on a running hub within a second.",
    )
    role.add_argument("user", metavar="USER", help="the name the user signs in with")
    role.add_argument("twinspace", metavar="TWINSPACE", help="the TwinSpace's id, as in its address")
    role.add_argument("role", metavar="ROLE", choices=[*_roles(), "none"], help="one of %(choices)s")
    _add_data_dir(role)
    role.set_defaults(command="role")

    staff = commands.add_parser(
        "staff",
        help="make an account of a support service",
        description="Make an account of a support service, and the service if it is not there yet. Prints an address "
        "at which its person chooses a password within a day.",
    )
    staff.add_argument("email", metavar="EMAIL", help="what the person signs in with")
    staff.add_argument("--level", required=True, choices=["central", "national", "regional"], help="one of %(choices)s")
    staff.add_argument("--country", required=True, help="two letters, e.g. ES")
    staff.add_argument("--region", default="", help="needed for a regional service")
    staff.add_argument("--service", default="", help="name of the service, when it is not there yet")
    staff.add_argument("--name", default="", help="name of the person (what stands before the @)")
    staff.add_argument("--language", default="en", help="of the interface (en)")
    _add_data_dir(staff)
    staff.set_defaults(command="staff")

    factor = commands.add_parser(
        "factor",
        help="take away a lost second factor",
        description="Take away somebody's codes and passkeys and end their logins, when no colleague of their service "
        "can. Pages that are open at this moment end when they are next loaded.",
    )
    factor.add_argument("user", metavar="USER", help="the name or address the user signs in with")
    _add_data_dir(factor)
    factor.set_defaults(command="factor")

    verify = commands.add_parser(
        "verify",
        help="check every snapshot",
        description="Walk every chain of snapshots. Ends with 1 and the path of the damaged file if a bit changed.",
    )
    _add_data_dir(verify)
    verify.set_defaults(command="verify")

    backup = commands.add_parser(
        "backup",
        help="write everything into one file",
        description="Write rows, blobs and keys into one tar file, also while the hub runs. It holds what minors made: "
        "keep it where you would keep the hub, or encrypt it on its way.",
    )
    backup.add_argument("file", metavar="FILE", help="a new file, or - for the standard output")
    _add_data_dir(backup)
    backup.set_defaults(command="backup")

    restore = commands.add_parser(
        "restore",
        help="put a backup back",
        description="Put a backup into a data folder that is not there or empty (and, of a hub on PostgreSQL, into the "
        "empty database of HUB_DATABASE_URL). Every byte is compared before, every snapshot checked after.",
    )
    restore.add_argument("file", metavar="FILE", help="what `hub backup` has written, or - for the standard input")
    _add_data_dir(restore)
    restore.set_defaults(command="restore")

    reindex = commands.add_parser(
        "reindex",
        help="make the search index again",
        description="Forget the search index and make it again from what is stored, also while the hub runs.",
    )
    _add_data_dir(reindex)
    reindex.set_defaults(command="reindex")

    retention = commands.add_parser(
        "retention",
        help="list how long each kind of data is kept",
        description="How long each kind of data is kept; a running hub takes away what is over once a day.",
    )
    retention.add_argument("--dry-run", action="store_true", help="count what would go now; nothing is changed")
    _add_data_dir(retention)
    retention.set_defaults(command="retention")

    settings = commands.add_parser("settings", help="list every setting", description="Every setting and its value.")
    settings.set_defaults(command="settings")
    return parser


def _roles() -> list[str]:
    return list(tomllib.loads(files("hub").joinpath("roles.toml").read_text("utf-8"))["roles"])


def _add_address(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", help="address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, help="TCP port (8080); 0 takes a free one")


def _add_data_dir(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data-dir", type=Path, help="where everything is kept (./data)")


if __name__ == "__main__":
    main()
