// The allocator knows how much it gave; what grows moves, so that no old copy is left.
#include "courier/wiping_memory.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "base/secret.hpp"

namespace usher::courier {

void* wiping_malloc(std::size_t size) {
  return std::malloc(size);
}

void* wiping_calloc(std::size_t count, std::size_t size) {
  return std::calloc(count, size);
}

void* wiping_realloc(void* old, std::size_t size) {
  void* fresh = std::malloc(size);
  if (fresh == nullptr || old == nullptr) return fresh;
  std::memcpy(fresh, old, std::min(size, ::malloc_usable_size(old)));
  wiping_free(old);
  return fresh;
}

char* wiping_strdup(const char* text) {
  const std::size_t size = std::strlen(text) + 1;
  void* copy = std::malloc(size);
  if (copy != nullptr) std::memcpy(copy, text, size);
  return static_cast<char*>(copy);
}

void wiping_free(void* memory) {
  if (memory == nullptr) return;
  wipe(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace usher::courier
