# SPDX-License-Identifier: Apache-2.0
"""The programs that our client is measured with."""

import shutil

from conformance.lab import enclosure

_TOOLS = ("iperf3", "fping", "cyclictest", "ocserv", "ocpasswd", "openconnect",
          "openvpn", "stunnel")
_REMEDY = "tools/bazel --setup-only //conformance/bench:peers"


def require() -> None:
    """Raises ToolsMissing when one is not installed."""
    enclosure.require_tools()
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        raise enclosure.ToolsMissing(
            f"not installed: {', '.join(missing)}; remedy: {_REMEDY}")
