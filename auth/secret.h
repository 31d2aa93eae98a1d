// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_AUTH_SECRET_H_
#define OVOC_AUTH_SECRET_H_

#include <cstddef>
#include <memory_resource>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace ovoc::auth {

// SecretAccess: the token that is needed to read any Secret. Only
// InsecureSecretAccess makes one, so a search for that name finds every place
// in the program where a secret is exposed.
class SecretAccess {
 private:
  friend class InsecureSecretAccess;
  SecretAccess() {}
};

// InsecureSecretAccess: makes SecretAccess tokens. Whoever calls Get() is
// responsible for the bytes: no log, no error message, and no copy that is not
// wiped.
class InsecureSecretAccess {
 public:
  static SecretAccess Get() { return SecretAccess(); }
};

// Secret: bytes that are wiped (OPENSSL_cleanse) before their storage is
// released, on destruction and on assignment; a move leaves nothing behind. It
// is move-only, has no output operator and converts to nothing. Comparing for
// equality takes the same time wherever the first difference is (the sizes are
// not hidden). It neither locks its pages nor keeps them out of a core dump;
// pass a memory resource that does so to FromFill.
class Secret {
 public:
  // FillFunction: writes into the span, which is zeroed and `capacity` long,
  // and returns how many of its first bytes are the secret.
  using FillFunction = absl::FunctionRef<size_t(absl::Span<char>)>;

  // FromString (rvalue): copies `text` and wipes it; `text` keeps its length
  // and every byte of it is zero.
  static Secret FromString(std::string&& text);
  // FromString (view): copies `text`. The caller has to wipe the original.
  static Secret FromString(absl::string_view text);
  static Secret FromString(const char* text) {
    return FromString(absl::string_view(text));
  }

  // Concat: joins all pieces in one allocation of exactly their size, so that
  // growing does not leave a shorter copy behind.
  static Secret Concat(absl::Span<const absl::string_view> pieces);

  // FromFill: lets `fill` produce the secret in place (an encoder, a file
  // read), so that there is no copy elsewhere. If `fill` returns more than
  // `capacity`, `capacity` is used. `memory` must outlive the secret.
  static Secret FromFill(
      size_t capacity, FillFunction fill,
      std::pmr::memory_resource* memory = std::pmr::new_delete_resource());

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  bool operator==(const Secret& other) const;

  // Reveal: the bytes themselves, valid until this object is moved from,
  // assigned to or destroyed.
  absl::string_view Reveal(SecretAccess) const {
    return absl::string_view(storage_, size_);
  }

 private:
  Secret(size_t capacity, std::pmr::memory_resource* memory);

  // WipeAndFree: cleanses the whole capacity, gives it back, leaves an empty
  // secret.
  void WipeAndFree();

  std::pmr::memory_resource* memory_;
  char* storage_;  // null when capacity_ is 0
  size_t capacity_;
  size_t size_;  // <= capacity_
};

}  // namespace ovoc::auth

#endif  // OVOC_AUTH_SECRET_H_
