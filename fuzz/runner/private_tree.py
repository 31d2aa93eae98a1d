# SPDX-License-Identifier: Apache-2.0
"""A copy of the checkout that may be changed; the checkout never is."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

# In one place, so that the copy's Bazel finds what it built the last time.
PLACE = Path("~/.cache/ovoc-tunnel/mutants")

_NOT_COPIED = {".git", "findings", "__pycache__"}


class PatchFailed(Exception):
    """A patch that does not fit."""


class Busy(Exception):
    """Another process works in the copy."""


class PrivateTree:
    """The copy; one process at a time has it, until close()."""

    def __init__(self, checkout: Path, place: Path = PLACE) -> None:
        self._checkout = checkout
        place = place.expanduser()
        place.mkdir(parents=True, exist_ok=True)
        self.root = place / "tree"
        self._lock = (place / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise Busy(f"{place} is in use by another process") from None

    def close(self) -> None:
        """Lets others have the copy; it stays for the next time."""
        self._lock.close()

    def refresh(self) -> None:
        """Makes the copy like the checkout, touching only what differs."""
        names = set(_files(self._checkout))
        for name in names:
            self._copy(name)
        for name in set(_files(self.root)) - names:
            (self.root / name).unlink()

    def _copy(self, name: str) -> None:
        """Copies one file unless the copy is the same file still."""
        source, target = self._checkout / name, self.root / name
        wanted = source.stat()
        if target.exists():
            have = target.stat()
            if (have.st_mtime_ns, have.st_size) == (wanted.st_mtime_ns,
                                                    wanted.st_size):
                return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        shutil.copy2(source, target)

    def patch(self, patch: Path) -> None:
        """Applies a patch, exactly; raises PatchFailed."""
        done = subprocess.run(
            ["patch", "-p1", "-F0", "--force", "--reject-file=-",
             "-i", str(patch)], cwd=self.root, text=True, capture_output=True,
            check=False)
        if done.returncode != 0:
            raise PatchFailed(f"{patch.name} does not apply:"
                              f" {done.stdout.strip()}")


def _files(root: Path) -> Iterator[str]:
    """The paths of all files worth copying, from the root."""
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders
                      if name not in _NOT_COPIED
                      and not os.path.islink(os.path.join(folder, name))]
        for name in files:
            yield os.path.relpath(os.path.join(folder, name), root)
