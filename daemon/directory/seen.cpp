// Open addressing: a step to the next slot is a step in the same cache line, and a slot knows
// enough of its name that another's is hardly ever looked at.
#include "daemon/directory/seen.hpp"

#include <bit>
#include <cstring>
#include <utility>

namespace usher::directory {
namespace {

constexpr std::size_t kFirstSlots = 64;

}  // namespace

SeenNumbers::SeenNumbers(const published::SipKey& key) : slots_(kFirstSlots) {
  std::memcpy(&factor_, key.data(), sizeof factor_);
  factor_ |= 1;
}

// Where the number stands, or would. The highest bits of a product depend on all of the number.
std::size_t SeenNumbers::place_of(std::uint32_t number) const {
  const int bits = std::countr_zero(slots_.size());
  std::size_t at = (number * factor_) >> (64 - bits);
  while (slots_[at] != 0 && slots_[at] != number) at = (at + 1) & (slots_.size() - 1);
  return at;
}

void SeenNumbers::insert(std::uint32_t number) {
  std::uint32_t& slot = slots_[place_of(number)];
  if (slot == number) return;
  slot = number;
  if (++count_ * 2 > slots_.size()) grow();
}

void SeenNumbers::grow() {
  const auto old = std::exchange(slots_, std::vector<std::uint32_t>(slots_.size() * 4));
  for (const std::uint32_t number : old) {
    if (number != 0) slots_[place_of(number)] = number;
  }
}

SeenNames::SeenNames(const published::SipKey& key) : key_(key), slots_(kFirstSlots) {}

std::uint32_t SeenNames::hash_of(std::string_view name) const {
  const published::SipDigest digest = published::siphash128(key_, name);
  std::uint32_t hash = 0;
  std::memcpy(&hash, digest.data(), sizeof hash);
  return hash;
}

std::string_view SeenNames::operator[](std::uint32_t number) const {
  const std::uint32_t begin = number == 0 ? 0 : ends_[number - 1];
  return std::string_view(bytes_).substr(begin, ends_[number] - begin);
}

// Where the name stands, or would.
std::size_t SeenNames::place_of(std::string_view name, std::uint32_t hash) const {
  std::size_t at = hash & (slots_.size() - 1);
  for (; slots_[at].next_number != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].hash == hash && (*this)[slots_[at].next_number - 1] == name) break;
  }
  return at;
}

std::optional<std::uint32_t> SeenNames::find(std::string_view name) const {
  const Slot& slot = slots_[place_of(name, hash_of(name))];
  if (slot.next_number == 0) return std::nullopt;
  return slot.next_number - 1;
}

std::optional<std::uint32_t> SeenNames::insert(std::string_view name) {
  const std::uint32_t hash = hash_of(name);
  Slot& slot = slots_[place_of(name, hash)];
  if (slot.next_number != 0) return std::nullopt;
  bytes_.append(name);
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  slot = {hash, size()};
  if (ends_.size() * 2 > slots_.size()) grow();
  return size() - 1;
}

// Every name is there once: only a free slot is looked for.
void SeenNames::grow() {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.size() * 4));
  for (const Slot& slot : old) {
    if (slot.next_number == 0) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].next_number != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

}  // namespace usher::directory
