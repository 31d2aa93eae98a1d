// SPDX-License-Identifier: Apache-2.0
#include "auth/secret.h"

#include <cstddef>
#include <cstring>
#include <memory_resource>
#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"

namespace ovoc::auth {
namespace {

template <typename T>
concept Streamable =
    requires(std::ostream& out, const T& value) { out << value; };

// The concept itself works: a string is streamable.
static_assert(Streamable<std::string>);
// Nothing prints a secret, appends it to a message or copies it by accident.
static_assert(!Streamable<Secret>);
static_assert(!std::is_constructible_v<absl::AlphaNum, const Secret&>);
static_assert(!std::is_convertible_v<Secret, absl::string_view>);
static_assert(!std::is_convertible_v<Secret, std::string>);
static_assert(!std::is_convertible_v<Secret, bool>);
static_assert(!std::is_copy_constructible_v<Secret>);
static_assert(!std::is_copy_assignable_v<Secret>);
static_assert(std::is_nothrow_move_constructible_v<Secret>);
static_assert(std::is_nothrow_move_assignable_v<Secret>);
// Only InsecureSecretAccess makes the token.
static_assert(!std::is_default_constructible_v<SecretAccess>);

absl::string_view Reveal(const Secret& secret) {
  return secret.Reveal(InsecureSecretAccess::Get());
}

// WatchedMemory: keeps what each block held at the moment it was given back,
// which is after the wipe: nothing secret can be seen here unless the wipe is
// missing.
class WatchedMemory : public std::pmr::memory_resource {
 public:
  const std::string& given_back() const { return given_back_; }
  int live_blocks() const { return live_blocks_; }

 private:
  void* do_allocate(size_t bytes, size_t alignment) override {
    ++live_blocks_;
    return std::pmr::new_delete_resource()->allocate(bytes, alignment);
  }

  void do_deallocate(void* block, size_t bytes, size_t alignment) override {
    given_back_.append(static_cast<const char*>(block), bytes);
    --live_blocks_;
    std::pmr::new_delete_resource()->deallocate(block, bytes, alignment);
  }

  bool do_is_equal(
      const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::string given_back_;
  int live_blocks_ = 0;
};

Secret Watched(absl::string_view text, WatchedMemory* memory) {
  return Secret::FromFill(
      text.size(),
      [text](absl::Span<char> out) {
        std::memcpy(out.data(), text.data(), text.size());
        return text.size();
      },
      memory);
}

TEST(SecretTest, HoldsTheBytesItWasMadeFrom) {
  EXPECT_EQ(Reveal(Secret::FromString("123456")), "123456");
  EXPECT_EQ(Reveal(Secret::FromString(absl::string_view("a\0b", 3))),
            absl::string_view("a\0b", 3));
  const std::string kept = "kept by the caller";
  EXPECT_EQ(Reveal(Secret::FromString(kept)), kept);
  EXPECT_EQ(Secret::FromString("123456").size(), 6u);
  EXPECT_FALSE(Secret::FromString("123456").empty());
}

TEST(SecretTest, MayBeEmpty) {
  const Secret empty = Secret::FromString("");
  EXPECT_TRUE(empty.empty());
  EXPECT_EQ(empty.size(), 0u);
  EXPECT_EQ(Reveal(empty), "");
  EXPECT_TRUE(empty == Secret::Concat({}));
  EXPECT_TRUE(empty == Secret::Concat({"", absl::string_view()}));
}

TEST(SecretTest, WipesTheStringItIsMadeFrom) {
  // Shorter and longer than what a string keeps inside itself.
  for (size_t size : {size_t{0}, size_t{6}, size_t{15}, size_t{200}}) {
    std::string source(size, 's');
    const Secret secret = Secret::FromString(std::move(source));
    EXPECT_EQ(Reveal(secret), std::string(size, 's'));
    // The state after the move is specified.
    EXPECT_EQ(source,  // NOLINT(bugprone-use-after-move)
              std::string(size, '\0'));
  }
}

TEST(SecretTest, IsWipedBeforeItsStorageIsGivenBack) {
  WatchedMemory memory;
  {
    const Secret secret = Watched("correct horse", &memory);
    EXPECT_EQ(Reveal(secret), "correct horse");
    EXPECT_EQ(memory.live_blocks(), 1);
    EXPECT_EQ(memory.given_back(), "");
  }
  EXPECT_EQ(memory.live_blocks(), 0);
  EXPECT_EQ(memory.given_back(), std::string(13, '\0'));
}

TEST(SecretTest, WipesTheWholeCapacityAndNotOnlyWhatIsUsed) {
  WatchedMemory memory;
  {
    const Secret secret = Secret::FromFill(
        8,
        [](absl::Span<char> out) {
          std::memset(out.data(), 'x', out.size());
          return size_t{3};
        },
        &memory);
    EXPECT_EQ(Reveal(secret), "xxx");
  }
  EXPECT_EQ(memory.given_back(), std::string(8, '\0'));
}

TEST(SecretTest, LeavesNothingInTheObjectItIsMovedFrom) {
  WatchedMemory memory;
  {
    Secret first = Watched("battery staple", &memory);
    const absl::string_view place = Reveal(first);
    const Secret second = std::move(first);
    EXPECT_EQ(Reveal(second), "battery staple");
    // The same storage: no second copy was ever made.
    EXPECT_EQ(Reveal(second).data(), place.data());
    EXPECT_EQ(memory.live_blocks(), 1);
    // The state after the move is specified.
    EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(Reveal(first), "");
    EXPECT_EQ(Reveal(first).data(), nullptr);
  }
  EXPECT_EQ(memory.given_back(), std::string(14, '\0'));
}

TEST(SecretTest, WipesWhatAnAssignmentReplaces) {
  WatchedMemory old_memory;
  WatchedMemory new_memory;
  {
    Secret secret = Watched("old one", &old_memory);
    secret = Watched("new one!", &new_memory);
    EXPECT_EQ(old_memory.given_back(), std::string(7, '\0'));
    EXPECT_EQ(old_memory.live_blocks(), 0);
    EXPECT_EQ(new_memory.given_back(), "");
    EXPECT_EQ(Reveal(secret), "new one!");
  }
  EXPECT_EQ(new_memory.given_back(), std::string(8, '\0'));
}

TEST(SecretTest, SurvivesAnAssignmentToItself) {
  Secret secret = Secret::FromString("same");
  Secret& alias = secret;
  secret = std::move(alias);
  EXPECT_EQ(Reveal(secret), "same");
}

TEST(SecretTest, CanBeFilledAgainAfterAMove) {
  Secret first = Secret::FromString("one");
  Secret second = std::move(first);
  first = Secret::FromString("two");
  EXPECT_EQ(Reveal(first), "two");
  EXPECT_EQ(Reveal(second), "one");
}

TEST(SecretTest, GivesTheFillFunctionZeroedStorageOfTheCapacity) {
  const Secret secret = Secret::FromFill(5, [](absl::Span<char> out) {
    EXPECT_EQ(std::string(out.data(), out.size()), std::string(5, '\0'));
    out[0] = 'a';
    return size_t{1};
  });
  EXPECT_EQ(Reveal(secret), "a");
}

TEST(SecretTest, NeverReachesPastItsCapacity) {
  const Secret secret = Secret::FromFill(2, [](absl::Span<char> out) {
    out[0] = 'a';
    out[1] = 'b';
    return size_t{1000};
  });
  EXPECT_EQ(Reveal(secret), "ab");
}

TEST(SecretTest, ConcatenatesPiecesInOrder) {
  EXPECT_EQ(Reveal(Secret::Concat({"VPN", ":", "", "123456"})), "VPN:123456");
}

TEST(SecretTest, ComparesSizeAndEveryByte) {
  struct Row {
    absl::string_view left;
    absl::string_view right;
    bool equal;
  };
  const Row kRows[] = {
      {"", "", true},
      {"a", "a", true},
      {"123456", "123456", true},
      {"123456", "12345", false},
      {"123456", "1234567", false},
      {"123456", "023456", false},
      {"123456", "123457", false},
      {"", "a", false},
  };
  for (const Row& row : kRows) {
    SCOPED_TRACE(absl::StrCat(row.left, " and ", row.right));
    const Secret left = Secret::FromString(row.left);
    const Secret right = Secret::FromString(row.right);
    EXPECT_EQ(left == right, row.equal);
    EXPECT_EQ(right == left, row.equal);
    EXPECT_EQ(left != right, !row.equal);
  }
}

}  // namespace
}  // namespace ovoc::auth
