// SPDX-License-Identifier: Apache-2.0

#include "tunnel/settings/files/read_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "netif/linux/unique_fd.h"

namespace ovoc::tunnel {
namespace {

constexpr mode_t kPermissionBits = 07777;
constexpr mode_t kOthersWrite = 022;
constexpr mode_t kOthersRead = 044;
constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

// Where an error has what FileRemedy gives.
constexpr absl::string_view kRemedy = "ovoc.file-remedy";
constexpr absl::string_view kUseRegularFile = "use a readable regular file";

absl::Status Refuse(absl::StatusCode code, absl::string_view problem,
                    absl::string_view remedy) {
  absl::Status status(code, problem);
  status.SetPayload(kRemedy, absl::Cord(remedy));
  return status;
}

absl::Status ErrnoStatus(int error) {
  absl::string_view remedy = kUseRegularFile;
  if (error == ENOENT) {
    remedy = "check the path";
  } else if (error == EACCES) {
    remedy =
        "let the client's user read the file and enter its folders (as root "
        "the client gives up the capability that opens any file)";
  }
  return Refuse(
      absl::ErrnoToStatusCode(error),
      absl::StrCat("cannot be read: ", std::generic_category().message(error)),
      remedy);
}

// Whether user_namespaces(7) gives the number `id` to anybody here: one range
// a line, "FIRST-INSIDE FIRST-OUTSIDE COUNT".
bool IsMapped(absl::string_view uid_map, uid_t id) {
  for (const absl::string_view line : absl::StrSplit(uid_map, '\n')) {
    const std::vector<absl::string_view> fields =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    uint32_t first = 0;
    uint32_t count = 0;
    if (fields.size() == 3 && absl::SimpleAtoi(fields[0], &first) &&
        absl::SimpleAtoi(fields[2], &count) && id >= first &&
        id - first < count) {
      return true;
    }
  }
  return false;
}

bool IsOwnUser(uid_t owner, const FileRoot& root) {
  constexpr size_t kMaxMapBytes = 16384;  // 340 lines, user_namespaces(7)
  if (owner == 0 || owner == geteuid()) {
    return true;
  }
  const absl::StatusOr<FileContents> map = ReadSmallFile(
      "/proc/self/uid_map", kMaxMapBytes, FilePrivacy::kAny, root);
  return map.ok() && !IsMapped(map->Text(), owner);
}

// What group and others may do, of the bits that they should not have.
absl::string_view AccessOfOthers(mode_t bits) {
  if ((bits & kOthersWrite) != 0) {
    return "writable";
  }
  return (bits & kOthersRead) != 0 ? "readable" : "executable";
}

absl::Status CheckFile(const struct stat& info, FilePrivacy privacy,
                       const FileRoot& root) {
  if (!S_ISREG(info.st_mode)) {
    return Refuse(
        absl::StatusCode::kFailedPrecondition,
        S_ISDIR(info.st_mode) ? "is a directory" : "is not a regular file",
        "use the path of a regular file");
  }
  if (privacy == FilePrivacy::kAny) {
    return absl::OkStatus();
  }
  const mode_t mode = info.st_mode & kPermissionBits;
  const mode_t refused =
      privacy == FilePrivacy::kOwnReads ? kGroupAndOthers : kOthersWrite;
  const bool own = IsOwnUser(info.st_uid, root);
  if (own && (mode & refused) == 0) {
    return absl::OkStatus();
  }
  std::vector<std::string> problems;
  std::vector<absl::string_view> commands;
  if (!own) {
    problems.push_back(absl::StrCat("belongs to uid ", info.st_uid,
                                    ", neither root nor the client's user"));
    commands.push_back("chown root");
  }
  if ((mode & refused) != 0) {
    problems.push_back(
        absl::StrCat("is ", AccessOfOthers(mode & refused), " by others"));
    commands.push_back(privacy == FilePrivacy::kOwnReads ? "chmod 600"
                                                         : "chmod go-w");
  }
  return Refuse(
      absl::StatusCode::kPermissionDenied,
      absl::StrFormat("%s (owner %d, mode %04o)",
                      absl::StrJoin(problems, ", and "), info.st_uid, mode),
      absl::StrCat("run ", absl::StrJoin(commands, " and ")));
}

// Why open(2) says EACCES, as far as the file itself shows: root has given up
// what opens the files of others, and their owner is what has to be told.
absl::Status Unreadable(const std::string& path, FilePrivacy privacy,
                        const FileRoot& root) {
  const netif::UniqueFd file(root.Open(path, O_CLOEXEC | O_PATH));
  struct stat info = {};
  if (privacy == FilePrivacy::kAny || !file.valid() ||
      fstat(file.get(), &info) != 0) {
    return ErrnoStatus(EACCES);
  }
  const absl::Status refused = CheckFile(info, privacy, root);
  return !refused.ok()
             ? refused
             : Refuse(absl::StatusCode::kPermissionDenied,
                      absl::StrFormat("cannot be read by the client's user, "
                                      "uid %d (owner %d, mode %04o)",
                                      geteuid(), info.st_uid,
                                      info.st_mode & kPermissionBits),
                      "give that user the permission to read it");
}

// Whether a text begins as in UTF-16: with its byte-order mark, or with two
// characters of ASCII in two bytes each.
bool IsUtf16(absl::string_view text) {
  return absl::StartsWith(text, "\xff\xfe") ||
         absl::StartsWith(text, "\xfe\xff") ||
         (text.size() >= 4 && (text[0] == '\0') != (text[1] == '\0') &&
          (text[0] == '\0') == (text[2] == '\0') &&
          (text[1] == '\0') == (text[3] == '\0'));
}

// ReadInto fills `out` up to the file's end. 0 or the errno of read.
int ReadInto(int fd, absl::Span<char> out, size_t* count) {
  *count = 0;
  while (*count < out.size()) {
    const ssize_t got = read(fd, out.data() + *count, out.size() - *count);
    if (got == 0) {
      break;
    }
    if (got > 0) {
      *count += static_cast<size_t>(got);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// The bytes to be ready for: more than fstat's, which may be out of date, and
// is 0 for a file of the kernel's.
size_t Expected(const struct stat& info) {
  constexpr size_t kGrowthBytes = 4096;
  return static_cast<size_t>(std::max<off_t>(info.st_size, 0)) + kGrowthBytes;
}

absl::StatusOr<FileContents> ReadAll(int fd, const struct stat& info,
                                     size_t max_bytes) {
  int error = 0;
  const auto fill = [fd, &error](absl::Span<char> out) {
    size_t count = 0;
    error = ReadInto(fd, out, &count);
    return count;
  };
  // One byte more than allowed, to see that there is one.
  const size_t room = std::min(max_bytes, Expected(info)) + 1;
  auth::Secret bytes = auth::Secret::FromFill(room, fill);
  if (error != 0) {
    return ErrnoStatus(error);
  }
  if (bytes.size() == room && room <= max_bytes) {
    return Refuse(absl::StatusCode::kAborted, "grew while it was read",
                  "try again when nobody writes it");
  }
  if (bytes.size() > max_bytes) {
    return Refuse(absl::StatusCode::kResourceExhausted,
                  absl::StrCat("has more than ", max_bytes, " bytes"),
                  "make it smaller");
  }
  if (IsUtf16(bytes.Reveal(auth::InsecureSecretAccess::Get()))) {
    return Refuse(absl::StatusCode::kInvalidArgument, "is UTF-16 text",
                  "save it as UTF-8");
  }
  return FileContents{std::move(bytes), info.st_mode & kPermissionBits};
}

}  // namespace

absl::string_view FileContents::Text() const {
  absl::string_view text = bytes.Reveal(auth::InsecureSecretAccess::Get());
  absl::ConsumePrefix(&text, kByteOrderMark);
  return text;
}

absl::StatusOr<FileContents> ReadSmallFile(const std::string& path,
                                           size_t max_bytes,
                                           FilePrivacy privacy,
                                           const FileRoot& root) {
  // O_NONBLOCK: a pipe nobody writes to would hold the program for ever.
  const netif::UniqueFd file(
      root.Open(path, O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) {
    return errno == EACCES ? Unreadable(path, privacy, root)
                           : ErrnoStatus(errno);
  }
  struct stat info = {};
  if (fstat(file.get(), &info) != 0) {
    return ErrnoStatus(errno);
  }
  if (absl::Status status = CheckFile(info, privacy, root); !status.ok()) {
    return status;
  }
  return ReadAll(file.get(), info, max_bytes);
}

std::string FileRemedy(const absl::Status& error) {
  const absl::optional<absl::Cord> remedy = error.GetPayload(kRemedy);
  return remedy.has_value() ? std::string(*remedy)
                            : std::string(kUseRegularFile);
}

}  // namespace ovoc::tunnel
