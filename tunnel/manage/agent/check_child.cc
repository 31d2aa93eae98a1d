// SPDX-License-Identifier: Apache-2.0
#include "tunnel/manage/agent/check_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace ovoc::tunnel {
namespace {

// A line of --check has less than 2 KiB.
constexpr size_t kMaxLineBytes = 8192;

// In the child, after fork: system calls only.
[[noreturn]] void Become(const char* program, const char* settings,
                         int output) {
  // It ends with the agent, and not before.
  (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
  (void)dup2(output, STDOUT_FILENO);
  (void)dup2(output, STDERR_FILENO);
  const std::array<const char*, 5> arguments = {program, "--check", "--json",
                                                settings, nullptr};
  const std::array<const char*, 1> environment = {nullptr};
  execve(program, const_cast<char* const*>(arguments.data()),
         const_cast<char* const*>(environment.data()));
  constexpr int kNotFound = 127;  // as a shell has it
  _exit(kNotFound);
}

}  // namespace

absl::StatusOr<std::unique_ptr<CheckChild>> CheckChild::Start(EventLoop* loop,
                                                              Options options) {
  std::array<int, 2> ends = {-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "pipe2");
  }
  netif::UniqueFd ours(ends[0]);
  const netif::UniqueFd theirs(ends[1]);
  const std::string settings = absl::StrCat("--settings=", options.settings);
  const pid_t pid = fork();
  if (pid < 0) {
    return absl::ErrnoToStatus(errno, "fork");
  }
  if (pid == 0) {
    Become(options.client.c_str(), settings.c_str(), theirs.get());
  }
  (void)fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  auto child = std::unique_ptr<CheckChild>(
      new CheckChild(loop, std::move(options), pid, std::move(ours)));
  CheckChild* const raw = child.get();
  const absl::Status watched = loop->Watch(
      raw->output_.get(), EPOLLIN, [raw](uint32_t) { raw->OnReadable(); });
  if (!watched.ok()) {
    return watched;
  }
  return child;
}

CheckChild::~CheckChild() {
  loop_->Unwatch(output_.get());
  if (pid_ != 0) {
    (void)kill(pid_, SIGKILL);
    (void)Reap();
  }
  (void)unlink(options_.settings.c_str());
}

int CheckChild::Reap() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void CheckChild::GiveLines() {
  size_t end = rest_.find('\n');
  while (end != std::string::npos) {
    options_.on_line(absl::string_view(rest_).substr(0, end));
    rest_.erase(0, end + 1);
    end = rest_.find('\n');
  }
  if (rest_.size() > kMaxLineBytes) {
    rest_.clear();
  }
}

void CheckChild::OnReadable() {
  std::array<char, 4096> buffer;
  const ssize_t size = read(output_.get(), buffer.data(), buffer.size());
  if (size > 0) {
    rest_.append(buffer.data(), static_cast<size_t>(size));
    return GiveLines();
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  loop_->Unwatch(output_.get());
  const auto on_end = options_.on_end;
  on_end(Reap());
}

}  // namespace ovoc::tunnel
