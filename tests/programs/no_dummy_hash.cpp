// The positive control of the timing proof: with USHER_TEST_NO_DUMMY set, usherd_for_tests answers
// for names without a password at once, as a daemon without the dummy hash would. Wrapped around
// the hasher by the linker, so that what ships has no such switch.
#include <cstdlib>
#include <string>

#include "daemon/crypto/sodium.hpp"

namespace usher::crypto {
// clang-format off
Result<std::string> real_hash_password(const Secret& password, HashCost cost)
    asm("__real__ZN5usher6crypto13hash_passwordB5cxx11ERKNS_6SecretENS0_8HashCostE");
Result<std::string> wrapped_hash_password(const Secret& password, HashCost cost)
    asm("__wrap__ZN5usher6crypto13hash_passwordB5cxx11ERKNS_6SecretENS0_8HashCostE");
Result<bool> real_verify_password(const Secret& password, const std::string& phc)
    asm("__real__ZN5usher6crypto15verify_passwordERKNS_6SecretERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
Result<bool> wrapped_verify_password(const Secret& password, const std::string& phc)
    asm("__wrap__ZN5usher6crypto15verify_passwordERKNS_6SecretERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE");
// clang-format on

namespace {

// The first hash of all is the dummy's, before any thread.
std::string dummy;

bool is_switched_off() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): set before the process starts
  return std::getenv("USHER_TEST_NO_DUMMY") != nullptr;
}

}  // namespace

Result<std::string> wrapped_hash_password(const Secret& password, HashCost cost) {
  Result<std::string> hashed = real_hash_password(password, cost);
  if (hashed.has_value() && dummy.empty()) dummy = *hashed;
  return hashed;
}

Result<bool> wrapped_verify_password(const Secret& password, const std::string& phc) {
  if (phc == dummy && is_switched_off()) return false;
  return real_verify_password(password, phc);
}

}  // namespace usher::crypto
