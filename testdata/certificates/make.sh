#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Makes every certificate of this folder anew with the openssl command line (3.0 or later).
# The set of files, their names, dates and rules is fixed by the tables below; keys and serial
# numbers are random. Every private key is thrown away with the temporary folder at the end, so
# nothing more can ever be signed by these authorities.
set -euo pipefail

out="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tmp="$(mktemp -d)"
trap 'rm -rf "${tmp}"' EXIT
umask 077
cd "${tmp}"

readonly FROM=20200101000000Z UNTIL=21200101000000Z
readonly PSS="-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest"

mkdir new
: > index.txt
cat > ca.cnf <<'CNF'
[ca]
default_ca = main
[main]
database = index.txt
new_certs_dir = new
policy = any
rand_serial = yes
unique_subject = no
string_mask = utf8only
[any]
organizationName = optional
commonName = optional
[req]
distinguished_name = dn
string_mask = utf8only
utf8 = yes
[dn]
CNF

# key NAME ALGORITHM: a private key in NAME.key, unless the table has put one there
key() {
  if [[ -e "$1.key" ]]; then return; fi
  case "$2" in
    rsa*) openssl genpkey -quiet -algorithm RSA -pkeyopt "rsa_keygen_bits:${2#rsa}" -out "$1.key" ;;
    ed25519) openssl genpkey -quiet -algorithm ED25519 -out "$1.key" ;;
    *) openssl genpkey -quiet -algorithm EC -pkeyopt "ec_paramgen_curve:$2" -out "$1.key" ;;
  esac
}

# certificate NAME ISSUER KEY DIGEST FROM UNTIL SUBJECT EXTENSIONS [SIGNATURE OPTIONS]
# ISSUER "-" signs with its own key; EXTENSIONS are "name=value|name=value", "-" for version 1.
certificate() {
  local name="$1" issuer="$2" algorithm="$3" digest="$4" from="$5" until="$6" subject="$7"
  local extensions="$8"
  shift 8
  key "${name}" "${algorithm}" 2> key.log || { cat key.log >&2; return 1; }
  openssl req -new -config ca.cnf -key "${name}.key" -subj "${subject}" -out "${name}.csr"
  local arguments=(-config ca.cnf -batch -notext -preserveDN -md "${digest}"
    -startdate "${from}" -enddate "${until}" -in "${name}.csr" -out "${name}.pem" "$@")
  if [[ "${issuer}" == - ]]; then
    arguments+=(-selfsign -keyfile "${name}.key")
  else
    arguments+=(-cert "${issuer}.pem" -keyfile "${issuer}.key")
  fi
  if [[ "${extensions}" != - ]]; then
    { echo "[extensions]"; tr '|' '\n' <<< "${extensions}"; } > extensions.cnf
    arguments+=(-extfile extensions.cnf -extensions extensions)
  fi
  openssl ca "${arguments[@]}" 2> ca.log || { echo "${name}:" >&2; cat ca.log >&2; return 1; }
}

readonly CA="basicConstraints=critical,CA:TRUE|keyUsage=critical,keyCertSign,cRLSign|subjectKeyIdentifier=hash|authorityKeyIdentifier=keyid"
readonly CA0="basicConstraints=critical,CA:TRUE,pathlen:0|keyUsage=critical,keyCertSign,cRLSign|subjectKeyIdentifier=hash|authorityKeyIdentifier=keyid"
readonly LEAF="basicConstraints=critical,CA:FALSE|keyUsage=critical,digitalSignature|subjectKeyIdentifier=hash|authorityKeyIdentifier=keyid"
readonly SERVER="${LEAF}|extendedKeyUsage=serverAuth"
readonly NAME="subjectAltName=DNS:ovoc.example.net"
readonly NAMES="${NAME},DNS:*.pool.example.net,IP:192.0.2.10,IP:2001:db8::10"

root() { certificate "$1" - "$2" "$3" "${FROM}" "${UNTIL}" "/O=OVOC Test/CN=$1" "$4"; }
# ca NAME ISSUER KEY DIGEST EXTENSIONS
ca() { certificate "$1" "$2" "$3" "$4" "${FROM}" "${UNTIL}" "/O=OVOC Test/CN=$1" "$5"; }
# leaf NAME ISSUER KEY DIGEST EXTENSIONS [SIGNATURE OPTIONS]
leaf() {
  local name="$1" issuer="$2" key="$3" digest="$4" extensions="$5"
  shift 5
  certificate "${name}" "${issuer}" "${key}" "${digest}" "${FROM}" "${UNTIL}" \
    "/O=OVOC Test/CN=ovoc.example.net" "${extensions}" "$@"
}

# Trust anchors
root root_ec P-256 sha256 "${CA}"
root root_rsa rsa2048 sha256 "${CA}"
root root_rsa_sha1 rsa2048 sha1 "${CA}"
root root_rsa1024 rsa1024 sha256 "${CA}"
root root_v1 P-256 sha256 -
root root_unknown P-256 sha256 "${CA}"

# The same name and key as root_ec, as it was before its renewal
cp root_ec.key root_ec_expired.key
certificate root_ec_expired - P-256 sha256 "${FROM}" 20210101000000Z "/O=OVOC Test/CN=root_ec" "${CA}"

# Intermediates
ca intermediate_ec root_ec P-256 sha256 "${CA0}"
ca intermediate_rsa root_rsa rsa2048 sha256 "${CA0}"
ca intermediate_p384 root_ec P-384 sha384 "${CA0}"
ca intermediate_ed25519 root_ec ed25519 sha256 "${CA0}"
ca intermediate_sha1 root_rsa rsa2048 sha1 "${CA0}"
ca intermediate_rsa1024 root_rsa rsa1024 sha256 "${CA0}"
ca intermediate_p521 root_ec P-521 sha256 "${CA0}"
ca intermediate_secp256k1 root_ec secp256k1 sha256 "${CA0}"
ca intermediate_unknown root_unknown P-256 sha256 "${CA0}"
ca intermediate_below_pathlen intermediate_ec P-256 sha256 "${CA}"
ca intermediate_not_ca root_ec P-256 sha256 \
  "basicConstraints=critical,CA:FALSE|subjectKeyIdentifier=hash|authorityKeyIdentifier=keyid"
ca intermediate_client_only root_ec P-256 sha256 "${CA0}|extendedKeyUsage=clientAuth"
ca intermediate_dns_constrained root_ec P-256 sha256 \
  "${CA0}|nameConstraints=critical,permitted;DNS:ovoc.example.net"
ca intermediate_ip_constrained root_ec P-256 sha256 \
  "${CA0}|nameConstraints=critical,permitted;IP:192.0.2.0/255.255.255.0"
certificate intermediate_expired root_ec P-256 sha256 "${FROM}" 20210101000000Z \
  "/O=OVOC Test/CN=intermediate_expired" "${CA0}"
certificate intermediate_from_2040 root_ec P-256 sha256 20400101000000Z "${UNTIL}" \
  "/O=OVOC Test/CN=intermediate_from_2040" "${CA0}"
# The same name and key as intermediate_ec, as it was before its renewal
cp intermediate_ec.key intermediate_ec_expired.key
certificate intermediate_ec_expired root_ec P-256 sha256 "${FROM}" 20210101000000Z \
  "/O=OVOC Test/CN=intermediate_ec" "${CA0}"
# The name of intermediate_ec with another key, and no key identifier to tell
certificate intermediate_ec_impostor root_ec P-256 sha256 "${FROM}" "${UNTIL}" \
  "/O=OVOC Test/CN=intermediate_ec" "${CA0/subjectKeyIdentifier=hash/subjectKeyIdentifier=none}"
above=root_ec
for number in 1 2 3 4 5 6 7 8; do
  ca "intermediate_deep_${number}" "${above}" P-256 sha256 "${CA}"
  above="intermediate_deep_${number}"
done

# Leaves that are to be accepted
leaf leaf_good intermediate_ec P-256 sha256 "${SERVER}|${NAMES}"
leaf leaf_rsa intermediate_rsa rsa2048 sha256 "${SERVER}|${NAMES}"
leaf leaf_rsa_pss intermediate_rsa rsa2048 sha256 "${SERVER}|${NAME}" ${PSS}
leaf leaf_p384 intermediate_p384 P-384 sha384 "${SERVER}|${NAME}"
leaf leaf_ed25519 intermediate_ec ed25519 sha512 "${SERVER}|${NAME}"
leaf leaf_under_ed25519 intermediate_ed25519 P-256 null "${SERVER}|${NAME}"
leaf leaf_no_eku intermediate_ec P-256 sha256 "${LEAF}|${NAME}"
leaf leaf_under_root_rsa_sha1 root_rsa_sha1 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_dns_constrained intermediate_dns_constrained P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_self_signed - P-256 sha256 \
  "basicConstraints=critical,CA:FALSE|subjectKeyIdentifier=hash|extendedKeyUsage=serverAuth|${NAME}"
leaf leaf_under_self_signed leaf_self_signed P-256 sha256 "${SERVER}|${NAME}"
certificate leaf_hostile_subject intermediate_ec P-256 sha256 "${FROM}" "${UNTIL}" \
  $'/O=line\nbreak\x1b[31m "quoted", \xc3\xa9/CN='"$(printf 'a%.0s' {1..60})" "${SERVER}|${NAME}"
leaf leaf_deep_7 intermediate_deep_7 P-256 sha256 "${SERVER}|${NAME}"

# Leaves by date
certificate leaf_expired intermediate_ec P-256 sha256 "${FROM}" 20210101000000Z \
  "/O=OVOC Test/CN=ovoc.example.net" "${SERVER}|${NAME}"
certificate leaf_from_2040 intermediate_ec P-256 sha256 20400101000000Z "${UNTIL}" \
  "/O=OVOC Test/CN=ovoc.example.net" "${SERVER}|${NAME}"
certificate leaf_until_2030 intermediate_ec P-256 sha256 "${FROM}" 20300101000000Z \
  "/O=OVOC Test/CN=ovoc.example.net" "${SERVER}|${NAME}"
certificate leaf_under_from_2040 intermediate_from_2040 P-256 sha256 "${FROM}" "${UNTIL}" \
  "/O=OVOC Test/CN=ovoc.example.net" "${SERVER}|${NAME}"
certificate leaf_until_2030_under_from_2040 intermediate_from_2040 P-256 sha256 "${FROM}" \
  20300101000000Z "/O=OVOC Test/CN=ovoc.example.net" "${SERVER}|${NAME}"

# Leaves that break a rule, or stand below an authority that does
leaf leaf_client_only intermediate_ec P-256 sha256 "${LEAF}|extendedKeyUsage=clientAuth|${NAME}"
leaf leaf_rsa1024 intermediate_rsa rsa1024 sha256 "${SERVER}|${NAME}"
leaf leaf_p521 intermediate_ec P-521 sha256 "${SERVER}|${NAME}"
leaf leaf_p224 intermediate_ec P-224 sha256 "${SERVER}|${NAME}"
leaf leaf_secp256k1 intermediate_ec secp256k1 sha256 "${SERVER}|${NAME}"
leaf leaf_sha1 intermediate_rsa P-256 sha1 "${SERVER}|${NAME}"
leaf leaf_ecdsa_sha1 intermediate_ec P-256 sha1 "${SERVER}|${NAME}"
leaf leaf_sha224 intermediate_rsa P-256 sha224 "${SERVER}|${NAME}"
leaf leaf_md5 intermediate_rsa P-256 md5 "${SERVER}|${NAME}"
leaf leaf_rsa_pss_sha1 intermediate_rsa P-256 sha1 "${SERVER}|${NAME}" ${PSS}
leaf leaf_cn_only intermediate_ec P-256 sha256 "${SERVER}"
leaf leaf_v1 intermediate_ec P-256 sha256 -
leaf leaf_is_ca intermediate_rsa P-256 sha256 \
  "basicConstraints=critical,CA:TRUE|keyUsage=critical,digitalSignature,keyCertSign|extendedKeyUsage=serverAuth|${NAME}"
leaf leaf_odd_wildcards intermediate_ec P-256 sha256 \
  "${SERVER}|subjectAltName=DNS:o*.part.example.net,DNS:a.*.middle.example.net,DNS:*,DNS:*.*.two.example.net"
leaf leaf_ip_as_dns intermediate_ec P-256 sha256 "${SERVER}|subjectAltName=DNS:192.0.2.10"
leaf leaf_unknown_critical intermediate_ec P-256 sha256 \
  "${SERVER}|${NAME}|1.3.6.1.4.1.99999.1=critical,DER:0500"
leaf leaf_under_sha1 intermediate_sha1 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_rsa1024 intermediate_rsa1024 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_p521 intermediate_p521 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_secp256k1 intermediate_secp256k1 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_unknown intermediate_unknown P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_below_pathlen intermediate_below_pathlen P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_not_ca intermediate_not_ca P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_client_only intermediate_client_only P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_outside_dns_constraint intermediate_dns_constrained P-256 sha256 \
  "${SERVER}|subjectAltName=DNS:ovoc.example.org"
leaf leaf_ip_constrained intermediate_ip_constrained P-256 sha256 "${SERVER}|subjectAltName=IP:192.0.2.10"
leaf leaf_under_expired intermediate_expired P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_deep_8 intermediate_deep_8 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_root_rsa1024 root_rsa1024 P-256 sha256 "${SERVER}|${NAME}"
leaf leaf_under_root_v1 root_v1 P-256 sha256 "${SERVER/|authorityKeyIdentifier=keyid/}|${NAME}"

umask 022
rm -f "${out}"/*.pem
for file in root_*.pem intermediate_*.pem leaf_*.pem; do
  cat "${file}" > "${out}/${file}"
done
echo "made $(ls "${out}"/*.pem | wc -l) certificates"
