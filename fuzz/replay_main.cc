// SPDX-License-Identifier: Apache-2.0
//
// Runs a fuzz target once on each of the files given, and on each file of the
// folders given: what a fuzzer is in every build but --config=fuzz. A broken
// promise ends it as it ends the fuzzer; the last line "Running:" is the input.
//
// Exit codes: 0 all inputs ran, 1 one of them cannot be read or there is none.

#include <time.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// The processor time of this thread, which nobody else's work lengthens.
int64_t ProcessorMicroseconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1'000;
}

// All files at and below `path`, in the order of their names.
std::vector<std::string> FilesOf(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_directory(path, error)) {
    return {path};
  }
  std::vector<std::string> files;
  for (auto entry = std::filesystem::recursive_directory_iterator(path, error);
       entry != std::filesystem::recursive_directory_iterator();
       entry.increment(error)) {
    if (entry->is_regular_file(error)) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Runs the target on one file. False: the file cannot be read.
bool Run(const std::string& path, int64_t* microseconds) {
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    return false;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return false;
  }
  // Of the exact size, so that AddressSanitizer sees an octet read too many.
  const std::unique_ptr<uint8_t[]> data(new uint8_t[size]);
  file.read(reinterpret_cast<char*>(data.get()),
            static_cast<std::streamsize>(size));
  if (static_cast<uintmax_t>(file.gcount()) != size) {
    return false;
  }
  std::fprintf(stderr, "Running: %s\n", path.c_str());
  const int64_t begin = ProcessorMicroseconds();
  LLVMFuzzerTestOneInput(data.get(), size);
  *microseconds = ProcessorMicroseconds() - begin;
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  size_t inputs = 0;
  int64_t slowest = -1;
  std::string slowest_path;
  for (int i = 1; i < argc; ++i) {
    for (const std::string& path : FilesOf(argv[i])) {
      int64_t microseconds = 0;
      if (!Run(path, &microseconds)) {
        std::fprintf(stderr, "replay: %s cannot be read\n", path.c_str());
        return 1;
      }
      ++inputs;
      if (microseconds > slowest) {
        slowest = microseconds;
        slowest_path = path;
      }
    }
  }
  if (inputs == 0) {
    std::fprintf(stderr, "replay: no input: the corpus is empty\n");
    return 1;
  }
  std::printf("replay: %zu inputs; slowest: %lld us: %s\n", inputs,
              static_cast<long long>(slowest), slowest_path.c_str());
  return 0;
}
