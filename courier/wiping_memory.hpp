// Memory for a C library that copies what it is told and frees it as it is: wiped as it is freed.
// The C functions' contracts (malloc(3)).
#pragma once

#include <cstddef>

namespace usher::courier {

void* wiping_malloc(std::size_t size);
void* wiping_calloc(std::size_t count, std::size_t size);
void* wiping_realloc(void* old, std::size_t size);
char* wiping_strdup(const char* text);
void wiping_free(void* memory);

}  // namespace usher::courier
