// What an edition holds already: names and numbers, so that nobody and nothing is in it twice. A
// hundred thousand of them are asked for within milliseconds, so these are tables, at most half
// full, and not nodes. Hashes are keyed: whoever fills a directory cannot choose what collides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "published/siphash.hpp"

namespace usher::directory {

// Numbers other than 0.
class SeenNumbers {
 public:
  explicit SeenNumbers(const published::SipKey& key);
  bool contains(std::uint32_t number) const { return slots_[place_of(number)] == number; }
  void insert(std::uint32_t number);

 private:
  std::size_t place_of(std::uint32_t number) const;
  void grow();

  std::uint64_t factor_ = 0;
  std::size_t count_ = 0;
  std::vector<std::uint32_t> slots_;  // a power of two; 0: free
};

class SeenNames {
 public:
  explicit SeenNames(const published::SipKey& key);
  std::optional<std::uint32_t> find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name).has_value(); }
  // The number of the name, counted from 0; none: it was there.
  std::optional<std::uint32_t> insert(std::string_view name);
  std::string_view operator[](std::uint32_t number) const;
  std::uint32_t size() const { return static_cast<std::uint32_t>(ends_.size()); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t next_number = 0;  // the name's number and 1; 0: free
  };
  std::uint32_t hash_of(std::string_view name) const;
  std::size_t place_of(std::string_view name, std::uint32_t hash) const;
  void grow();

  published::SipKey key_;
  std::string bytes_;                // the names, one behind the other
  std::vector<std::uint32_t> ends_;  // by number
  std::vector<Slot> slots_;          // a power of two
};

}  // namespace usher::directory
