# SPDX-License-Identifier: Apache-2.0
"""Downloads a file by HTTP, as a device does, showing how it goes.

Usage: download.py HOST PATH. Prints events of the lab's log form: `progress`
at each tenth, last `downloaded` with the SHA-256 of what came.
"""

import hashlib
import http.client
import sys
import time

_CHUNK_BYTES = 256 * 1024


def main() -> None:
    """Does what the module says."""
    host, path = sys.argv[1:]
    connection = http.client.HTTPConnection(host, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    total = int(response.headers["Content-Length"])
    digest, got, shown = hashlib.sha256(), 0, 0
    start = time.monotonic()
    while chunk := response.read(_CHUNK_BYTES):
        digest.update(chunk)
        got += len(chunk)
        if got * 10 // total > shown:
            shown = got * 10 // total
            print("event=progress", f"percent={shown * 10}", flush=True)
    print("event=downloaded", f"status={response.status}", f"bytes={got}",
          f"seconds={time.monotonic() - start:.3f}",
          f"sha256={digest.hexdigest()}", flush=True)


if __name__ == "__main__":
    main()
