# SPDX-License-Identifier: Apache-2.0
"""Throw-away certificates by the openssl command: EC P-256 if not asked for
another key, SHA-256.

The keys never leave the enclosure's temporary file system.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

_HOUR = timedelta(hours=1)
_VALIDITY = timedelta(days=60)  # --check warns of less than 30
_LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)
_TRUSTED = "root"
_UNTRUSTED = "other-root"
_P256 = ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")

_SIGNS = "digitalSignature"

_CONFIG = """
[req]
distinguished_name = name
[name]
[ca]
default_ca = lab
[lab]
database = {folder}/index.txt
new_certs_dir = {folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = policy
[policy]
commonName = supplied
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, {usage}
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = {names}
"""


@dataclass(frozen=True)
class KeyPair:
    """The PEM files of a certificate and its private key."""

    certificate: Path
    key: Path


class Authority:
    """Makes a root certificate at once, server certificates on demand."""

    def __init__(self, folder: Path, host: str, addresses: list[str]) -> None:
        self._folder = folder
        folder.mkdir()
        (folder / "index.txt").touch()
        self._names = ",".join([f"DNS:{host}",
                                *(f"IP:{each}" for each in addresses)])
        self._made: dict[str, KeyPair] = {}
        self._root(_TRUSTED)

    @property
    def trusted_roots(self) -> Path:
        """The PEM file to name in TLSTrustedRoots."""
        return self._made[_TRUSTED].certificate

    def good(self) -> KeyPair:
        """Right names, in its time, signed by the trusted root."""
        return self._leaf("good", _TRUSTED, self._names)

    def expired(self) -> KeyPair:
        """Like good(), but of January and February 2020."""
        return self._leaf("expired", _TRUSTED, self._names, _LONG_AGO)

    def expiring(self, days: int) -> KeyPair:
        """Like good(), but only for so many more days and an hour."""
        end = datetime.now(timezone.utc) + timedelta(days=days) + _HOUR
        return self._leaf(f"expiring-{days}", _TRUSTED, self._names,
                          end - _VALIDITY)

    def below_expiring_root(self, days: int) -> tuple[KeyPair, Path]:
        """Like good(), but signed by a root that ends in so many days, which
        comes with it."""
        name = f"root-{days}"
        if name not in self._made:
            self._root(name, days + 1)
        return (self._leaf(f"below-{name}", name, self._names),
                self._made[name].certificate)

    def named(self, host: str) -> KeyPair:
        """Like good(), but made out to `host` alone."""
        return self._leaf(f"named-{host}", _TRUSTED, f"DNS:{host}")

    def of_tomorrow(self) -> KeyPair:
        """Like good(), but not valid before tomorrow."""
        return self._leaf("of-tomorrow", _TRUSTED, self._names,
                          datetime.now(timezone.utc) + 24 * _HOUR)

    def wrong_name(self) -> KeyPair:
        """Like good(), but made out to another host."""
        return self._leaf("wrong-name", _TRUSTED, "DNS:other.example.net")

    def without_names(self) -> KeyPair:
        """Like good(), but only a CN says whose it is."""
        return self._leaf("without-names", _TRUSTED, "email:ovoc@example.net")

    def other_ca(self) -> KeyPair:
        """Like good(), but signed by a root nobody trusts."""
        if _UNTRUSTED not in self._made:
            self._root(_UNTRUSTED)
        return self._leaf("other-ca", _UNTRUSTED, self._names)

    def self_signed(self) -> KeyPair:
        """Like good(), but signed by its own key."""
        return self._leaf("self-signed", None, self._names)

    def with_key(self, name: str, *options: str,
                 usage: str = _SIGNS) -> KeyPair:
        """Like good(), but its key is as `openssl genpkey` has it, for the
        key usage as openssl's configuration has it."""
        return self._leaf(name, _TRUSTED, self._names, key_options=options,
                          usage=usage)

    def _root(self, name: str, days: int = _VALIDITY.days) -> None:
        """Makes a root certificate."""
        config = self._config(name, "DNS:unused")
        pair = self._new_key(name)
        self._openssl("req", "-x509", "-config", config, "-key", pair.key,
                      "-subj", f"/CN=Lab {name}", "-days", days,
                      "-extensions", "root", "-out", pair.certificate)
        self._made[name] = pair

    def _leaf(self, name: str, issuer: str | None, names: str,
              start: datetime | None = None,
              key_options: Sequence[str] = _P256,
              usage: str = _SIGNS) -> KeyPair:
        """Makes a server certificate once and remembers it."""
        if name in self._made:
            return self._made[name]
        begin = start or datetime.now(timezone.utc) - _HOUR
        pair = self._new_key(name, key_options)
        config = self._config(name, names, usage)
        request = self._folder / f"{name}.csr"
        self._openssl("req", "-new", "-config", config, "-key", pair.key,
                      "-subj", f"/CN=Lab {name} server", "-out", request)
        signer = (["-selfsign", "-keyfile", pair.key] if issuer is None else
                  ["-cert", self._made[issuer].certificate,
                   "-keyfile", self._made[issuer].key])
        self._openssl("ca", "-batch", "-notext", "-config", config, *signer,
                      "-in", request, "-extensions", "server",
                      "-startdate", _stamp(begin),
                      "-enddate", _stamp(begin + _VALIDITY),
                      "-out", pair.certificate)
        self._made[name] = pair
        return pair

    def _new_key(self, name: str,
                 options: Sequence[str] = _P256) -> KeyPair:
        """Makes a private key and names the files of the pair."""
        pair = KeyPair(self._folder / f"{name}.pem",
                       self._folder / f"{name}.key")
        self._openssl("genpkey", *options, "-out", pair.key)
        return pair

    def _config(self, name: str, names: str, usage: str = _SIGNS) -> Path:
        """Writes the openssl configuration of one certificate."""
        path = self._folder / f"{name}.cnf"
        path.write_text(_CONFIG.format(folder=self._folder, names=names,
                                       usage=usage))
        return path

    def _openssl(self, *arguments: object) -> None:
        """Runs openssl; raises RuntimeError with its complaint."""
        done = subprocess.run(["openssl", *map(str, arguments)], text=True,
                              capture_output=True, timeout=30, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"openssl {arguments[0]}: "
                               f"{done.stderr.strip()}")


def _stamp(when: datetime) -> str:
    """The time form of `openssl ca`."""
    return when.strftime("%Y%m%d%H%M%SZ")
