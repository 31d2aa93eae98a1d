// SPDX-License-Identifier: Apache-2.0
#ifndef OVOC_FUZZ_SCRIPT_ALLOCATED_BYTES_H_
#define OVOC_FUZZ_SCRIPT_ALLOCATED_BYTES_H_

#include <cstddef>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define OVOC_FUZZ_COUNTS_ALLOCATIONS
#include <sanitizer/allocator_interface.h>
#endif
#endif

namespace ovoc::fuzz {

// AllocatedBytes is the program's share of the heap, as AddressSanitizer counts
// it; 0 in a build without it.
inline size_t AllocatedBytes() {
#ifdef OVOC_FUZZ_COUNTS_ALLOCATIONS
  return __sanitizer_get_current_allocated_bytes();
#else
  return 0;
#endif
}

}  // namespace ovoc::fuzz

#endif  // OVOC_FUZZ_SCRIPT_ALLOCATED_BYTES_H_
