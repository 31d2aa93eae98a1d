// SPDX-License-Identifier: Apache-2.0
#include "auth/secret.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "openssl/mem.h"

namespace ovoc::auth {

Secret Secret::FromString(std::string&& text) {
  Secret secret = FromString(absl::string_view(text));
  const size_t size = text.size();
  // The capacity too: a string that was once longer still holds its tail. A
  // resize up to the capacity does not move the bytes.
  text.resize(text.capacity());
  OPENSSL_cleanse(text.data(), text.size());
  text.resize(size);
  return secret;
}

Secret Secret::FromString(absl::string_view text) { return Concat({text}); }

Secret Secret::Concat(absl::Span<const absl::string_view> pieces) {
  size_t total = 0;
  for (absl::string_view piece : pieces) {
    total += piece.size();
  }
  return FromFill(total, [pieces](absl::Span<char> out) {
    size_t written = 0;
    for (absl::string_view piece : pieces) {
      // memcpy must not be given the null pointer of an empty view.
      if (!piece.empty()) {
        std::memcpy(out.data() + written, piece.data(), piece.size());
        written += piece.size();
      }
    }
    return written;
  });
}

Secret Secret::FromFill(size_t capacity, FillFunction fill,
                        std::pmr::memory_resource* memory) {
  Secret secret(capacity, memory);
  const size_t filled = fill(absl::MakeSpan(secret.storage_, capacity));
  secret.size_ = std::min(filled, capacity);
  return secret;
}

Secret::Secret(size_t capacity, std::pmr::memory_resource* memory)
    : memory_(memory), storage_(nullptr), capacity_(capacity), size_(0) {
  if (capacity_ > 0) {
    storage_ = static_cast<char*>(memory_->allocate(capacity_, 1));
    std::memset(storage_, 0, capacity_);
  }
}

Secret::Secret(Secret&& other) noexcept
    : memory_(other.memory_),
      storage_(std::exchange(other.storage_, nullptr)),
      capacity_(std::exchange(other.capacity_, size_t{0})),
      size_(std::exchange(other.size_, size_t{0})) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    WipeAndFree();
    memory_ = other.memory_;
    storage_ = std::exchange(other.storage_, nullptr);
    capacity_ = std::exchange(other.capacity_, size_t{0});
    size_ = std::exchange(other.size_, size_t{0});
  }
  return *this;
}

Secret::~Secret() { WipeAndFree(); }

bool Secret::operator==(const Secret& other) const {
  return size_ == other.size_ &&
         CRYPTO_memcmp(storage_, other.storage_, size_) == 0;
}

void Secret::WipeAndFree() {
  if (storage_ != nullptr) {
    OPENSSL_cleanse(storage_, capacity_);
    memory_->deallocate(storage_, capacity_, 1);
  }
  storage_ = nullptr;
  capacity_ = 0;
  size_ = 0;
}

}  // namespace ovoc::auth
